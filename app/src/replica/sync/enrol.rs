//! Enrolment: a one-time code and this device's new public key become an identity.

use serde::{Deserialize, Serialize};
use shared::{
    document::Sealer,
    ids::{DeviceId, PersonId},
    sync::{former, limits},
};

use super::problem;
use crate::{
    platform::network::{Call, Network},
    replica::{
        error::{Error, Result},
        store::identity::{DeviceKey, Identity},
    },
};

const TIMEOUT_MS: u32 = 30_000;

#[derive(Serialize)]
struct Ask<'a> {
    code: &'a str,
    public_key: String,
    label: &'a str,
    former: Vec<Former>,
}

/// What this device was before, vouching for what it will be.
#[derive(Serialize)]
struct Former {
    person: String,
    device: String,
    device_code: String,
    public_key: String,
    signature: String,
}

impl Former {
    fn vouching(identity: &Identity, new_key: &[u8; 32]) -> Self {
        let sealer = identity.sealer();
        let code = &identity.device_code;
        let claim = former::claim(identity.person, identity.device, code, new_key);
        Self {
            person: identity.person.to_string(),
            device: identity.device.to_string(),
            device_code: code.clone(),
            public_key: hex(&sealer.public_key()),
            signature: hex(&sealer.sign(&claim)),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[derive(Deserialize)]
struct Given {
    device: String,
    device_code: String,
    token: String,
    person: GivenPerson,
}

#[derive(Deserialize)]
struct GivenPerson {
    id: String,
    name: String,
}

/// The server's address as people type it: scheme added, slashes at the end cut off.
pub fn server_address(typed: &str, origin: &str) -> Result<String> {
    let typed = typed.trim().trim_end_matches('/');
    let address = match typed {
        "" => origin.trim_end_matches('/').to_owned(),
        typed if typed.starts_with("http://") || typed.starts_with("https://") => typed.to_owned(),
        typed if typed.starts_with("localhost") || typed.starts_with("127.0.0.1") => {
            format!("http://{typed}")
        }
        typed => format!("https://{typed}"),
    };
    if address.is_empty() || address.len() > 300 || address.contains(char::is_whitespace) {
        return Err(Error::Invalid("enrol.no_server"));
    }
    Ok(address)
}

/// Asks the server. `secret` are 32 random bytes: the device's new key. `former` are identities that stores
/// on this device have or had: those at the same server vouch for the new key.
pub async fn ask(
    network: &dyn Network,
    server: String,
    code: &str,
    label: &str,
    secret: [u8; 32],
    former: &[Identity],
) -> Result<Identity> {
    let public_key = DeviceKey::new(&secret).public_key();
    let ask = Ask {
        code: code.trim(),
        public_key: hex(&public_key),
        label,
        former: former
            .iter()
            .filter(|identity| identity.server == server)
            .take(limits::FORMER_DEVICES)
            .map(|identity| Former::vouching(identity, &public_key))
            .collect(),
    };
    let call = Call {
        method: "POST",
        url: format!("{server}/v1/enrol"),
        token: None,
        headers: vec![("content-type", "application/json".into())],
        body: serde_json::to_vec(&ask)?,
        timeout_ms: TIMEOUT_MS,
    };
    let answer = network.send(call).await?;
    if !matches!(answer.status, 200 | 201) {
        return Err(problem(&answer));
    }
    let given: Given = serde_json::from_slice(&answer.body)?;
    Ok(Identity {
        person: given.person.id.parse::<PersonId>()?,
        person_name: given.person.name,
        device: given.device.parse::<DeviceId>()?,
        device_code: given.device_code,
        server,
        token: given.token,
        secret_key: secret,
        record_counter: 0,
        receipt_n: 0,
        receipt_digest: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        let check = |typed: &str, expected: Option<&str>| {
            let read = server_address(typed, "https://page.example/");
            assert_eq!(read.ok().as_deref(), expected, "{typed}");
        };
        check("", Some("https://page.example"));
        check("huikuan.example", Some("https://huikuan.example"));
        check(" http://10.0.0.2:8080/ ", Some("http://10.0.0.2:8080"));
        check("localhost:8080", Some("http://localhost:8080"));
        check("two words", None);
        assert!(server_address("", "").is_err());
    }
}
