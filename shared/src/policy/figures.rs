//! The figures of the collecting rules: what a company may set, with the seeds' values as defaults.
//!
//! Where a seed names a rule without a figure, the default is ours and the comment says so. A figure that
//! means "no such rule" is zero.

/// Declares the figures with their defaults.
macro_rules! figures {
    ($($(#[$meta:meta])* $name:ident = $default:literal;)+) => {
        /// Figures of the collecting rules.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Figures { $($(#[$meta])* pub $name: u32,)+ }
        impl Default for Figures {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }
        impl Figures {
            /// The figures in the order in which they are declared, as they travel. A new one is declared last.
            pub fn list(&self) -> Vec<u32> {
                vec![$(self.$name,)+]
            }
            /// The figures of [`Figures::list`]; those that a list of an older version does not have are the defaults.
            pub fn of(list: &[u32]) -> Self {
                let mut found = Self::default();
                for (place, value) in [$(&mut found.$name,)+].into_iter().zip(list) {
                    *place = *value;
                }
                found
            }
        }
    };
}

figures! {
    /// Alarm from this many days overdue (seed 002 names the alarm; the figure is ours).
    alarm_days = 30;
    /// Alarm from this overdue share of all that is owed, in percent (seed 002; the figure is ours).
    alarm_share_percent = 50;
    /// Alarm after this many visits without money or promise (seed 002; the figure is ours).
    alarm_reminders = 3;
    /// Listed to the sales vice-president when overdue for longer (seed 000: two months).
    escalate_days = 60;
    /// The list is made up to this day of the month, from its first (seed 000: 1st to 3rd).
    escalate_until = 3;
    /// Handing over to a specialist collector may be proposed from here (seed 000: 2–3 months).
    handover_from_days = 60;
    /// … and is due from here.
    handover_days = 90;
    /// Statements are agreed up to this day of the month (seeds 000: 1st to 7th).
    statement_until = 7;
    /// Last month's account is settled up to this day (seed 000: 8th to 15th).
    settle_until = 15;
    /// Months between confirmations with legal effect (seed 003: every three months or half year).
    confirmation_months = 3;
    /// Cash from this sum on is fetched with an escort, in yuan (seed 000: 10,000).
    escort_yuan = 10_000;
    /// Cash is handed in by this minute of the same day (seed 000 says the same day; 18:00 is ours).
    hand_in_minute = 1_080;
    /// Best minute of the day to telephone (seed 001: 15:30).
    call_minute = 930;
    /// Mealtimes, when nobody is telephoned (seed 001; the hours are ours).
    lunch_from_minute = 690;
    /// End of lunch.
    lunch_until_minute = 810;
    /// Begin of supper.
    supper_from_minute = 1_050;
    /// End of supper.
    supper_until_minute = 1_170;
    /// Share of the delivered goods sold at which to ask, in percent (seed 001: 80).
    sold_percent = 80;
    /// Months between re-ratings of grade and limit (seed 003: usually half a year; 000 also offers 1, 3 and 12).
    rerate_months = 6;
    /// Debts at least as old that a point of the company's own recovery curve needs (ours).
    curve_debts = 30;
    /// Interest on arrears a year in hundredths of a percent; zero: none agreed (seed 001 names no rate).
    interest_year_bp = 0;
    /// Discount for paying early in hundredths of a percent; zero: none (seed 000 names no rate).
    discount_bp = 0;
    /// Days before the due date by which to pay for the discount (ours).
    discount_days = 10;
    /// An overdue sum from here on counts as large in the plan, in yuan (seed 001 §18; the figure is ours).
    large_yuan = 50_000;
    /// A customer further than this counts as far in the plan, in kilometres (seed 001 §18; ours).
    far_km = 100;
    /// Weight of sales in a salesperson's score (seed 003: sales, collection and receivables together; ours).
    score_sales = 30;
    /// Weight of collection.
    score_collection = 40;
    /// Weight of receivables.
    score_receivables = 30;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_travel_as_a_list_of_which_the_end_may_be_missing() {
        let figures = Figures {
            alarm_days: 1,
            score_receivables: 2,
            ..Figures::default()
        };
        let list = figures.list();
        assert_eq!(Figures::of(&list), figures);
        assert_eq!(Figures::of(&list[..1]).alarm_days, 1);
        assert_eq!(Figures::of(&list[..1]).score_receivables, 30);
        assert_eq!(Figures::of(&[]), Figures::default());
        let longer = [list, vec![7]].concat();
        assert_eq!(Figures::of(&longer), figures);
    }
}
