//! The program while it serves: what it prints, asked over HTTP, and killed.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdout, Stdio},
};

use serde_json::{Value, json};

use super::program;

/// A server that runs until it is killed.
pub struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Running {
    pub fn start(data: &Path, arguments: &[&str]) -> Self {
        let mut child = program(data, arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// What it prints up to and with the line that holds a text.
    pub fn said_until(&mut self, text: &str) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        while !said.last().is_some_and(|line| line.contains(text)) {
            let mut line = String::new();
            let read = self.out.read_line(&mut line).unwrap();
            assert_ne!(read, 0, "it ended before it said {text:?}: {said:?}");
            said.push(line.trim_end().to_owned());
        }
        said
    }

    /// Kills it as a power cut would, and gives what it had printed since.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        rest.lines().map(str::to_owned).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines with a sign-in link.
pub fn links(said: &[String]) -> Vec<&String> {
    said.iter().filter(|l| l.contains("/enrol#")).collect()
}

/// A browser that trusts one certificate alone, if one is given.
pub fn browser(trusted: Option<&str>) -> reqwest::Client {
    // Fails only if a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = trusted.map(|pem| reqwest::Certificate::from_pem(pem.as_bytes()).unwrap());
    let browser = reqwest::Client::builder().no_proxy();
    browser.tls_certs_only(certificate).build().unwrap()
}

/// Signs a device in with the link in a line; gives the server's address and its answer.
pub async fn sign_in(browser: &reqwest::Client, line: &str, seed: u8) -> (String, Value) {
    let link = line
        .split_whitespace()
        .find(|word| word.contains("/enrol#"));
    let (server, code) = link.unwrap().split_once("/enrol#").unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).verifying_key();
    let key: String = key.to_bytes().iter().map(|b| format!("{b:02x}")).collect();
    let body = json!({ "code": code, "public_key": key, "label": "phone" });
    let answer = browser
        .post(format!("{server}/v1/enrol"))
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201, "{line}");
    (server.to_owned(), answer.json().await.unwrap())
}
