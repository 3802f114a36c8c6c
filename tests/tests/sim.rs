//! The simulator in everyday tests: a fixed range of seeds, split so that parts run side by side, and
//! seeds that found something. Restored servers, upgrades, the version before and review: the named seeds at
//! the end, and `make sim`.

use tests::sim::{self, Config};

/// Seeds of each part.
const PART: u64 = 15;

fn clean(seed: u64, config: &Config) {
    let report = sim::run(seed, config);
    assert!(
        report.findings.is_empty(),
        "seed {seed}: {:#?}",
        report.findings
    );
}

fn part(number: u64) {
    for seed in number * PART..(number + 1) * PART {
        clean(seed, &Config::of_first_faults());
    }
}

macro_rules! parts {
    ($($name:ident = $number:literal;)+) => {$(
        #[test]
        fn $name() {
            part($number);
        }
    )+};
}

parts! {
    nothing_is_lost_doubled_or_stuck_in_part_1 = 1;
    nothing_is_lost_doubled_or_stuck_in_part_2 = 2;
    nothing_is_lost_doubled_or_stuck_in_part_3 = 3;
    nothing_is_lost_doubled_or_stuck_in_part_4 = 4;
    nothing_is_lost_doubled_or_stuck_in_part_5 = 5;
    nothing_is_lost_doubled_or_stuck_in_part_6 = 6;
}

#[test]
fn a_company_to_which_nothing_happens_agrees_in_the_end() {
    for seed in 1..10 {
        clean(seed, &Config::without_faults());
    }
}

#[test]
fn what_is_refused_never_counts_what_is_made_in_its_place_does_once_and_new_sign_ins_double_nothing()
 {
    for seed in 1..9 {
        clean(seed, &Config::of_refusals());
    }
}

#[test]
fn seed_21_of_refusals_who_is_let_in_again_is_served_again() {
    clean(21, &Config::of_refusals().without_papers());
}

#[test]
fn the_same_seed_gives_the_same_run_byte_for_byte() {
    for seed in [3, 7] {
        let (first, second) = (
            sim::run(seed, &Config::default()),
            sim::run(seed, &Config::default()),
        );
        assert_eq!(first.trace, second.trace);
        assert_eq!(first.faults, second.faults);
        assert!(first.syncs > 20, "{first:?}");
    }
}

#[test]
fn seed_22_a_phone_killed_thrice_while_it_read_a_page_kept_its_records() {
    clean(22, &Config::of_first_faults().without_papers());
}

#[test]
fn seed_18_a_flipped_bit_did_not_become_another_customer() {
    clean(18, &Config::of_first_faults().without_papers());
}

#[test]
fn seeds_49_and_172_a_record_that_was_out_of_sight_for_a_while_is_fetched_again() {
    for seed in [49, 172] {
        clean(seed, &Config::of_first_faults().without_papers());
    }
}

#[test]
fn seeds_52_and_134_a_change_that_comes_before_its_record_is_fetched_is_no_damage() {
    for seed in [52, 134] {
        clean(seed, &Config::of_first_faults().without_papers());
    }
}

/// Seeds that failed once faults were added which the everyday range leaves out.
fn clean_with_every_fault(seeds: &[u64]) {
    for seed in seeds {
        clean(*seed, &Config::default().without_papers());
    }
}

#[test]
fn seed_145_a_record_is_shown_as_far_as_it_can_be_read() {
    clean(145, &Config::of_first_faults().without_papers());
}

#[test]
fn seed_4_with_every_fault_the_copy_of_a_phone_unknown_to_a_restored_server_signs_in_and_loses_nothing()
 {
    clean_with_every_fault(&[4]);
}

#[test]
fn seed_22_with_every_fault_what_a_comment_builds_on_stays_when_the_customer_is_gone() {
    clean_with_every_fault(&[22]);
}

#[test]
fn seed_1013_records_of_a_device_that_a_restored_server_does_not_know_are_taken_in() {
    clean_with_every_fault(&[1013]);
}

#[test]
fn seed_1037_a_customer_leaves_with_their_last_photo() {
    clean_with_every_fault(&[1037]);
}

#[test]
fn seed_1044_what_was_put_off_arrives_though_its_customer_is_out_of_sight() {
    clean_with_every_fault(&[1044]);
}

#[test]
fn seed_1050_a_restored_server_is_seen_in_the_version_before() {
    clean_with_every_fault(&[1050]);
}

#[test]
fn seeds_1052_1057_and_1066_own_records_of_a_customer_who_left_return_to_a_restored_server() {
    clean_with_every_fault(&[1052, 1057, 1066]);
}

#[test]
fn seed_2033_what_cannot_be_made_anew_waits() {
    clean_with_every_fault(&[2033]);
}

#[test]
fn seed_2040_what_was_kept_for_review_is_not_made_anew() {
    clean_with_every_fault(&[2040]);
}

#[test]
fn seed_100008_a_store_and_a_server_both_set_back_agree() {
    clean_with_every_fault(&[100_008]);
}

#[test]
fn seeds_100015_and_100157_a_decision_waits_for_the_request_that_a_restored_server_lost() {
    clean_with_every_fault(&[100_015, 100_157]);
}

#[test]
fn seed_100019_two_copies_of_a_store_make_an_edit_anew_once() {
    clean_with_every_fault(&[100_019]);
}

#[test]
fn seed_100063_what_the_office_discarded_is_there_when_its_author_never_comes_back() {
    clean_with_every_fault(&[100_063]);
}

#[test]
fn seed_100171_a_customer_who_enters_comes_whole_though_another_left_inside_its_snapshot() {
    clean_with_every_fault(&[100_171]);
}

#[test]
fn seed_20022_a_server_that_knows_the_cursor_after_all_is_sent_what_waits() {
    clean_with_every_fault(&[20022]);
}

#[test]
fn seeds_100006_100014_and_100082_a_photo_goes_with_the_store_in_which_alone_it_lay() {
    clean_with_every_fault(&[100_006, 100_014, 100_082]);
}

#[test]
fn seed_100026_a_twin_is_not_told_what_held_when_the_other_sent_the_same() {
    clean_with_every_fault(&[100_026]);
}

#[test]
fn seeds_100028_and_100095_what_was_built_on_a_lost_addition_is_shown_until_both_are_back() {
    clean_with_every_fault(&[100_028, 100_095]);
}

#[test]
fn seeds_100029_and_100098_an_addition_waits_for_the_rest_of_its_record() {
    clean_with_every_fault(&[100_029, 100_098]);
}

#[test]
fn seed_100119_what_was_put_off_is_offered_within_the_hour() {
    clean_with_every_fault(&[100_119]);
}

#[test]
fn seed_100138_a_damaged_request_does_not_set_a_phone_back_to_the_version_before() {
    clean_with_every_fault(&[100_138]);
}

/// Seeds that failed once people handed in, asked for things and agreed statements.
fn clean_with_papers(seeds: &[u64]) {
    for seed in seeds {
        clean(*seed, &Config::default());
    }
}

/// The same with every fault as often as it may be.
fn clean_at_worst(seeds: &[u64]) {
    for seed in seeds {
        clean(*seed, &Config::at_worst());
    }
}

#[test]
fn seeds_2_and_18_with_papers_what_was_voided_is_not_handed_in_though_its_customer_is_another_s_now()
 {
    clean_with_papers(&[2, 18]);
}

#[test]
fn seed_12_at_worst_what_the_server_has_not_heard_of_stays_in_hand_when_its_hand_in_is_returned() {
    clean_at_worst(&[12]);
}

#[test]
fn seed_20_with_papers_who_reads_anew_in_a_newer_version_loses_customers_who_left_before() {
    clean_with_papers(&[20]);
}

#[test]
fn seeds_11_and_46_at_worst_who_had_only_begun_begins_anew_at_a_restored_server() {
    clean_at_worst(&[11, 46]);
}

#[test]
fn seed_162_at_worst_who_had_not_read_to_the_end_reads_anew_at_a_restored_server() {
    clean_at_worst(&[162]);
}

#[test]
fn seed_227_with_papers_of_two_hand_ins_of_the_same_receipts_the_older_is_the_one_that_was_counted()
{
    clean_with_papers(&[227]);
}

#[test]
fn seed_134_with_papers_a_statement_made_anew_by_a_restored_server_shows_its_own_balance() {
    clean_with_papers(&[134]);
}

/// A flush failed, the process ended, and the next one built on what stood in the system's memory alone.
#[test]
fn seed_132_of_first_faults_a_server_flushes_what_was_left_before_it_builds_on_it() {
    clean(132, &Config::of_first_faults().without_papers());
}

#[test]
fn seeds_27_33_363_and_433_a_phone_flushes_what_was_left_before_it_builds_on_it() {
    for seed in [27, 33, 363, 433] {
        clean(seed, &Config::default().without_papers());
    }
}

#[test]
fn seed_5002_a_restored_server_that_never_heard_of_a_revoked_device_gets_what_it_holds() {
    clean_with_every_fault(&[5_002]);
}
