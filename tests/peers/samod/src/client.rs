//! A client in memory.

use std::{convert::Infallible, time::Duration};

use automerge::{Automerge, AutomergeError, ObjType, ROOT, ReadDoc, transaction::Transactable};
use futures::future::try_join_all;
use samod::{BackoffConfig, DialerHandle, DocHandle, DocumentId, Repo, Url};
use serde_json::{Map, Value, json};

use crate::{Result, commands, number, reply, say};

const FIELDS: usize = 12;

struct Client {
    repo: Repo,
    url: Url,
    dialer: DialerHandle<Infallible>,
    records: Vec<Map<String, Value>>,
    made: usize,
    /// Documents stay open while somebody holds them.
    handles: Vec<DocHandle>,
}

/// Works until the input ends.
pub async fn run(address: &str) -> Result<()> {
    let records = std::fs::read_to_string(std::env::var("PEERS_RECORDS")?)?;
    let url = Url::parse(&format!("tcp://{address}"))?;
    let repo = Repo::build_tokio().load().await;
    let dialer = repo.dial_tcp(url.clone(), BackoffConfig::default())?;
    dialer.established().await.map_err(|_| "no connection")?;
    let mut client = Client {
        repo,
        url,
        dialer,
        records: serde_json::from_str(&records)?,
        made: 0,
        handles: Vec::new(),
    };
    say(&json!({"ready": 0}));
    let mut commands = commands();
    while let Some(command) = commands.recv().await {
        reply(client.obey(&command).await);
    }
    Ok(())
}

impl Client {
    async fn obey(&mut self, command: &Value) -> Result<Value> {
        match command["do"].as_str().unwrap_or_default() {
            "push" => self.create(number(command, "count")).await,
            "skip" => {
                self.made = number(command, "count");
                Ok(json!({}))
            }
            "first" | "get" => self.find(&command["ids"]).await,
            "stay" => Ok(json!({})),
            "add" | "make" => self.create(1).await,
            "away" => {
                self.dialer.close();
                while !self.repo.connected_peers().0.is_empty() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Ok(json!({}))
            }
            "back" => {
                self.dialer = self
                    .repo
                    .dial_tcp(self.url.clone(), BackoffConfig::default())?;
                self.dialer
                    .established()
                    .await
                    .map_err(|_| "no connection")?;
                Ok(json!({}))
            }
            other => Err(format!("unknown command {other}").into()),
        }
    }

    async fn create(&mut self, count: usize) -> Result<Value> {
        let from = self.made;
        self.made += count;
        let records = self.records.get(from..self.made).ok_or("too few records")?;
        let mut ids = Vec::with_capacity(count);
        for record in records {
            let handle = self.repo.create(document(record)?).await?;
            ids.push(handle.document_id().to_string());
            self.handles.push(handle);
        }
        Ok(json!({"ids": ids}))
    }

    async fn find(&mut self, ids: &Value) -> Result<Value> {
        let ids: Vec<String> = serde_json::from_value(ids.clone())?;
        let repo = &self.repo;
        let found = try_join_all(ids.iter().map(async |id| {
            let id: DocumentId = id.parse().map_err(|_| "not an id")?;
            let handle = repo.find(id).await?.ok_or("a record is not there")?;
            let fields = handle.with_document(|doc| doc.keys(ROOT).count());
            match fields {
                FIELDS => Ok::<_, Box<dyn std::error::Error + Send + Sync>>(handle),
                _ => Err(format!("a record has {fields} fields").into()),
            }
        }))
        .await?;
        self.handles.extend(found);
        Ok(json!({}))
    }
}

fn document(record: &Map<String, Value>) -> Result<Automerge> {
    let mut doc = Automerge::new();
    doc.transact::<_, _, AutomergeError>(|tx| {
        for (field, value) in record {
            match value {
                Value::String(text) if field == "notes" => {
                    let notes = tx.put_object(ROOT, field, ObjType::Text)?;
                    tx.splice_text(&notes, 0, 0, text)?;
                }
                Value::String(text) => tx.put(ROOT, field, text.as_str())?,
                other => tx.put(ROOT, field, other.as_i64().unwrap_or_default())?,
            }
        }
        Ok(())
    })
    .map_err(|failure| failure.error)?;
    Ok(doc)
}
