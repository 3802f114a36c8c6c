//! The customer list, searched by name, pinyin and number.

use rusqlite::params;
use shared::day::{Day, Timestamp};

use super::{
    super::{
        api::CustomerLine,
        error::Result,
        open::Open,
        store::{customer_id, money, place},
    },
    balance::BALANCES,
};

/// Most rows that are ever given.
const MOST: u32 = 5_000;

/// Customers that match, most overdue first.
pub fn list(open: &Open, search: &str, limit: u32, now: Timestamp) -> Result<Vec<CustomerLine>> {
    let today = open.day(now)?;
    let search = search.trim().to_lowercase();
    let sql = format!(
        "SELECT c.id, c.number, c.name, b.outstanding, b.overdue, b.oldest,
           COALESCE(k.lat, c.lat), COALESCE(k.lon, c.lon), c.hold
         FROM ({BALANCES}) b JOIN customer c ON c.id = b.customer LEFT JOIN book k ON k.customer = c.id
         WHERE ?2 = '' OR c.name LIKE '%' || ?2 || '%' ESCAPE '\\' OR c.number LIKE ?2 || '%' ESCAPE '\\'
           OR ' ' || c.search_key LIKE '% ' || ?2 || '%' ESCAPE '\\'
         ORDER BY b.overdue DESC, b.outstanding DESC, c.name, c.id LIMIT ?3"
    );
    let mut statement = open.db.prepare_cached(&sql)?;
    let key = params![today.number(), escaped(&search), limit.min(MOST)];
    let lines = statement.query_map(key, |row| {
        let oldest: Option<i64> = row.get(5)?;
        let days = oldest.map_or(0, |due| today.days_since(Day::from_number(due)));
        Ok(CustomerLine {
            id: customer_id(row, 0)?,
            number: row.get(1)?,
            name: row.get(2)?,
            outstanding: money(row, 3)?,
            overdue: money(row, 4)?,
            overdue_days: u32::try_from(days).unwrap_or(0),
            position: place(row, 6)?,
            hold: row.get(8)?,
        })
    })?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}

/// Text for LIKE, its special characters taken literally.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
