//! Who signs, and their signature: shared by promise and receipt.

use dioxus::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    customer::ContactRole,
    evidence::{Fix, Signature, Signer, Strokes},
};

use crate::{
    components::{Card, Choice, ChoiceGroup, Field, FieldKind, SignaturePad, SignatureSlot},
    i18n::{t, term},
    screens::parts::role_word,
    state::{clock, use_app},
};

/// Who signs, as filled in so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignerDraft {
    pub name: String,
    pub role: String,
    pub phone: String,
}

impl SignerDraft {
    /// Whoever signed before.
    pub fn of(signer: &Signer) -> Self {
        Self {
            name: signer.name.clone(),
            role: signer.role.clone(),
            phone: signer.phone.clone(),
        }
    }

    /// The signature of what is on the screen now.
    pub fn signature(&self, strokes: Strokes, fix: Option<Fix>) -> Signature {
        let signer = Signer {
            name: self.name.trim().to_owned(),
            role: self.role.trim().to_owned(),
            phone: self.phone.trim().to_owned(),
        };
        Signature {
            signer,
            strokes,
            at: clock::now(),
            fix,
        }
    }
}

/// Name, part and telephone, picked from the contacts or typed.
#[component]
pub fn SignerCard(
    signer: SignerDraft,
    contacts: Vec<(String, ContactRole, String)>,
    onchange: EventHandler<SignerDraft>,
    #[props(default)] required: bool,
) -> Element {
    // Another contact picked gives the fields new content.
    let mut picked = use_signal(|| 0_u32);
    let current = use_signal(|| signer.clone());
    let set = move |next: SignerDraft| {
        let mut current = current;
        current.set(next.clone());
        onchange.call(next);
    };
    // The draft is let go of before it is written.
    let change = move |edit: &dyn Fn(&mut SignerDraft)| {
        let mut next = current.peek().clone();
        edit(&mut next);
        set(next);
    };
    let options: Vec<Choice> = contacts
        .iter()
        .map(|(name, ..)| Choice::new(name, name))
        .collect();
    let fields = current.peek().clone();
    rsx! {
        Card { title: t("signer-title"),
            div { class: "stack",
                if !contacts.is_empty() {
                    ChoiceGroup {
                        name: "signer-pick",
                        label: t("signer-pick"),
                        options,
                        selected: vec![signer.name.clone()],
                        onchange: move |chosen: Vec<String>| {
                            let found = chosen.first().and_then(|name| contacts.iter().find(|(n, ..)| n == name));
                            if let Some((name, role, phone)) = found {
                                set(SignerDraft { name: name.clone(), role: role_word(*role), phone: phone.clone() });
                                picked += 1;
                            }
                        },
                    }
                }
                div { key: "{picked}", class: "stack",
                    Field {
                        id: "signer-name",
                        label: t("signer-name"),
                        required,
                        max_length: 60,
                        initial: fields.name,
                        oninput: move |text: String| change(&|next| next.name.clone_from(&text)),
                    }
                    Field {
                        id: "signer-role",
                        label: t("signer-role"),
                        max_length: 60,
                        initial: fields.role,
                        placeholder: term("contact-role", "decision_maker"),
                        oninput: move |text: String| change(&|next| next.role.clone_from(&text)),
                    }
                    Field {
                        id: "signer-phone",
                        label: t("signer-phone"),
                        kind: FieldKind::Phone,
                        max_length: 30,
                        initial: fields.phone,
                        oninput: move |text: String| change(&|next| next.phone.clone_from(&text)),
                    }
                }
            }
        }
    }
}

/// The place for the signature; a tap opens the full-screen pad.
#[component]
pub fn SignatureField(
    strokes: Strokes,
    signer: String,
    subject: String,
    onchange: EventHandler<Strokes>,
    #[props(default = "signature")] id: &'static str,
) -> Element {
    let app = use_app();
    let mut open = use_signal(|| false);
    // Full screen and on its side, where the device does that; where not, the pad itself is drawn turned.
    let mut show = move |on| {
        open.set(on);
        spawn(app.platform().device.landscape(on));
    };
    use_drop(move || {
        if *open.peek() {
            drop(app.platform().device.landscape(false));
        }
    });
    rsx! {
        SignatureSlot { id, strokes, signer: signer.clone(), onopen: move |()| show(true) }
        if open() {
            SignaturePad {
                signer,
                subject,
                oncancel: move |()| show(false),
                onsave: move |strokes| {
                    show(false);
                    onchange.call(strokes);
                },
            }
        }
    }
}
