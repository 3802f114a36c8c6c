//! `GET /v1/me`: whose device this is.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use shared::people::Person;
use utoipa::ToSchema;

use crate::{
    auth::Caller,
    problem::Problem,
    state::AppState,
    store::{StoreError, company, company::Company, scope},
};

/// A person.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// Person id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `rep`, `supervisor`, `finance` or `admin`.
    pub role: String,
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name.clone(),
            role: person.role.slug().to_owned(),
        }
    }
}

/// The company.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CompanyView {
    /// Company id.
    pub id: String,
    /// Name as letters show it.
    pub name: String,
    /// ISO code of its currency.
    pub currency: String,
    /// Its clocks' offset from UTC, minutes east.
    pub utc_offset_minutes: i32,
    /// Counts restorations of the server from a backup.
    pub epoch: u64,
    /// Is it the made-up company of the demo?
    pub demo: bool,
}

impl From<&Company> for CompanyView {
    fn from(company: &Company) -> Self {
        Self {
            id: company.id.to_string(),
            name: company.name.clone(),
            currency: company.currency.clone(),
            utc_offset_minutes: company.utc_offset_minutes,
            epoch: company.epoch,
            demo: company.demo,
        }
    }
}

/// Who calls, from which device.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Device id.
    pub device: String,
    /// Short code that its receipt numbers begin with.
    pub device_code: String,
    /// The person.
    pub person: PersonView,
    /// The company.
    pub company: CompanyView,
    /// Customers in the person's scope.
    pub customers: u64,
}

/// Whose device this is.
#[utoipa::path(get, path = "/v1/me", responses((status = 200, body = Me), (status = 401, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn me(
    State(state): State<AppState>,
    Caller(device): Caller,
) -> Result<Json<Me>, Problem> {
    let person = device.person.id;
    let (company, customers) = state
        .blocking(move |store| {
            let found = store.read(|conn| -> Result<_, StoreError> {
                let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
                Ok((company, scope::count(conn, person)?))
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(Me {
        device: device.id.to_string(),
        device_code: device.code,
        person: PersonView::from(&device.person),
        company: CompanyView::from(&company),
        customers,
    }))
}
