//! The rate by which interest on arrears is proposed.

use serde_json::json;
use sync_server::api::interest::InterestRateView;

use super::office::*;

async fn rate(office: &Office, by: &Phone) -> Answered {
    let path = "/v1/desk/interest-rate";
    office.site.get(path, Some(&by.token)).await
}

#[tokio::test]
async fn the_rate_is_what_finance_set_last_with_who_and_why_and_it_moves_nothing() {
    let mut office = Office::new();
    let none: InterestRateView = rate(&office, &office.clerk).await.json();
    assert_eq!((none.year_bp, none.set), (0, None));
    let set = |year_bp: u32| json!({ "kind": "interest_rate", "year_bp": year_bp });
    for year_bp in [1_200, 1_460] {
        let taken = office.give(set(year_bp)).await;
        assert!(taken.entry.is_none());
    }
    let found: InterestRateView = rate(&office, &office.second).await.json();
    assert_eq!(found.year_bp, 1_460);
    let by = found.set.unwrap();
    assert_eq!(by.person, office.site.company.finance.to_string());
    assert_eq!(by.reason, "按单据处理");
    let slip = office.refused(|o| &o.clerk, set(3_651)).await;
    assert_eq!(slip, (422, "command.too_large".to_owned()));
    let others = office.refused(|o| &o.boss, set(100)).await;
    assert_eq!(others, (403, "auth.forbidden".to_owned()));
    assert_eq!(rate(&office, &office.rep).await.status, 403);
    office.verify();
}
