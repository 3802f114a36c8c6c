//! `import_csv`: a file that somebody exported from other books.
//!
//! First byte: its lowest two bits choose the kind (customers, invoices, payments); 16: bad rows may be left out; 32:
//! the input brings its own column map, up to a line `---`; 64: columns are named by place and there is
//! no header. The rest is the file.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use shared::{
    ids::{CompanyId, PersonId},
    people::{Person, Role},
    policy::Settings,
};
use sync_server::{
    import::{self, ColumnMap, ImportError, Kind, Report},
    store::{Store, StoreError, company, ledger, log, people},
};
use uuid::Uuid;

/// Bad rows may be left out.
pub const SKIP_BAD: u8 = 16;
/// The input brings its own map.
pub const OWN_MAP: u8 = 32;
/// Columns are named by place.
pub const BY_PLACE: u8 = 64;
/// Between map and file.
pub const SEPARATOR: &[u8] = b"\n---\n";

const KINDS: [(Kind, &str, &str); 3] = [
    (
        Kind::Customers,
        "[columns]\nnumber=\"No\"\nname=\"Name\"\nterritory=\"Area\"\nrep=\"Rep\"\nphone=\"Phone\"\n\
         contact=\"Contact\"\nterm_days=\"Term\"\ncredit_limit=\"Limit\"\nlatitude=\"Lat\"\nlongitude=\"Lon\"\n",
        "header=false\n[columns]\nnumber=1\nname=2\nterritory=3\n",
    ),
    (
        Kind::Invoices,
        "dates=[\"YYYY-MM-DD\",\"M/D/YYYY\",\"YYYY年M月D日\"]\n[amount]\nnegative=true\nextra_decimals=\"half_up\"\n\
         [due]\nterm_days=30\nbefore_issued=\"accept\"\n[customers]\ncreate=true\nterritory=\"城西\"\n\
         [columns]\nnumber=\"No\"\ncustomer=\"Cust\"\ncustomer_name=\"Name\"\nissued=\"Date\"\ndue=\"Due\"\namount=\"Sum\"\n",
        "header=false\n[due]\nterm_days=30\n[customers]\ncreate=true\nterritory=\"城西\"\n\
         [columns]\nnumber=1\ncustomer=2\ncustomer_name=2\nissued=3\namount=4\n",
    ),
    (
        Kind::Payments,
        "[columns]\nnumber=\"No\"\ninvoice=\"Inv\"\ncustomer=\"Cust\"\nday=\"Day\"\namount=\"Sum\"\n",
        "header=false\n[columns]\nnumber=1\ncustomer=2\nday=3\namount=4\n",
    ),
];

/// A company's books that go back to their beginning once an import has changed them.
pub struct Books {
    dir: PathBuf,
    store: Option<Store>,
}

impl Books {
    /// Books in a folder that is this run's alone.
    pub fn new(dir: &Path) -> Self {
        let mut books = Self {
            dir: dir.to_owned(),
            store: None,
        };
        let store = Store::open(&books.beginning()).unwrap();
        begin(&store);
        drop(store);
        books.reset();
        books
    }

    fn beginning(&self) -> PathBuf {
        self.dir.join("beginning")
    }

    fn reset(&mut self) {
        self.store = None;
        let now = self.dir.join("now");
        let _ = fs::remove_dir_all(&now);
        fs::create_dir_all(&now).unwrap();
        fs::copy(self.beginning().join("company.db"), now.join("company.db")).unwrap();
        self.store = Some(Store::open(&now).unwrap());
    }

    /// Imports the input; gives `imported` or the code of the refusal.
    pub fn run(&mut self, input: &[u8]) -> &'static str {
        let Some((&selector, rest)) = input.split_first() else {
            return "empty";
        };
        let (kind, by_name, by_place) = KINDS[usize::from(selector & 3) % 3];
        let (map, csv) = match rest
            .windows(SEPARATOR.len())
            .position(|w| w == SEPARATOR)
            .filter(|_| selector & OWN_MAP != 0)
        {
            Some(at) => (
                String::from_utf8_lossy(&rest[..at]),
                &rest[at + SEPARATOR.len()..],
            ),
            None if selector & BY_PLACE != 0 => (by_place.into(), rest),
            None => (by_name.into(), rest),
        };
        let map = match ColumnMap::parse(&map, kind) {
            Ok(map) => map,
            Err(error) => return error.code(),
        };
        let skip_bad = selector & SKIP_BAD != 0;
        let (code, changed) = self.import(kind, &map, csv, skip_bad);
        if changed {
            self.reset();
        }
        code
    }

    fn import(
        &self,
        kind: Kind,
        map: &ColumnMap,
        csv: &[u8],
        skip_bad: bool,
    ) -> (&'static str, bool) {
        let store = self.store.as_ref().unwrap();
        let head = || store.read(log::head).unwrap().seq;
        let before = head();
        match import::import(store, kind, Cursor::new(csv), map, skip_bad) {
            Err(error) => {
                assert_eq!(head(), before, "a refused import changed something");
                assert!(!error.to_string().is_empty());
                if let ImportError::BadRows(report) = &error {
                    adds_up(report);
                    assert!(!report.applied);
                }
                (error.code(), false)
            }
            Ok(report) => {
                adds_up(&report);
                let after = head();
                let again = import::import(store, kind, Cursor::new(csv), map, skip_bad).unwrap();
                assert_eq!(
                    (again.created.rows, again.corrected.rows),
                    (0, 0),
                    "{report} then {again}"
                );
                assert_eq!(head(), after, "the same file again changed something");
                if after != before {
                    let check = store.read::<_, StoreError>(ledger::check).unwrap();
                    assert!(check.is_good(), "{:?}", check.problems);
                }
                ("imported", after != before)
            }
        }
    }
}

fn adds_up(report: &Report) {
    let counted = [
        &report.created,
        &report.corrected,
        &report.unchanged,
        &report.refused,
    ];
    let sum: u64 = counted.iter().map(|tally| tally.rows).sum();
    assert_eq!(sum, report.rows, "{report}");
    assert!(!report.to_string().is_empty());
}

fn begin(store: &Store) {
    let company = company::NewCompany {
        id: CompanyId(Uuid::from_u128(1)),
        name: "城西贸易有限公司".into(),
        currency: "CNY".into(),
        utc_offset_minutes: 480,
        policy: Settings::default(),
        demo: false,
    };
    let rep = Person {
        id: PersonId(Uuid::from_u128(1)),
        name: "王芳".into(),
        role: Role::Rep,
        phone: String::new(),
        active: true,
    };
    store
        .write(|tx| {
            company::init(tx, &company)?;
            people::add(tx, &rep)
        })
        .unwrap();
    for (kind, csv) in [
        (
            Kind::Customers,
            "No,Name,Area,Rep,Phone,Contact,Term,Limit,Lat,Lon\nC1,城西五金,城西,王芳,,,30,,,\n",
        ),
        (
            Kind::Invoices,
            "No,Cust,Name,Date,Due,Sum\n0001,C1,城西五金,2026-11-01,,1200.50\n",
        ),
    ] {
        let (_, map, _) = KINDS.iter().find(|(k, ..)| *k == kind).unwrap();
        let map = ColumnMap::parse(map, kind).unwrap();
        import::import(store, kind, Cursor::new(csv), &map, false).unwrap();
    }
}
