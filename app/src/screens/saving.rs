//! What follows when somebody has said "save", the same for every form: the replica is asked, the form is forgotten,
//! a visit under way hears of the record, and the record is shown. If it could not be saved, all stays as it was.

use dioxus::{prelude::*, router::Navigator};
use shared::ids::{CustomerId, DocumentId};

use crate::{
    components::{Tone, toast},
    i18n::t,
    replica::api::Request,
    route::Route,
    screens::parts::toast_failure,
    state::{
        AppState,
        draft::{Draft, note_in_visit},
        take, use_app,
    },
};

/// A record on its way from a form into the store.
#[derive(Clone, Copy)]
pub struct Saving {
    app: AppState,
    navigator: Navigator,
    busy: Signal<bool>,
    onfailed: Option<EventHandler<()>>,
}

/// What of a visit under way is told: whose it is, and the refused record that the new one corrects.
pub type About = Option<(CustomerId, Option<DocumentId>)>;

/// Saving for one form; `onfailed` is called when it could not be saved, beside the toast.
pub fn use_saving(onfailed: Option<EventHandler<()>>) -> Saving {
    Saving {
        app: use_app(),
        navigator: use_navigator(),
        busy: use_signal(|| false),
        onfailed,
    }
}

impl Saving {
    /// Is it under way?
    pub fn busy(self) -> bool {
        *self.busy.read()
    }

    /// Begins, or ends without a record.
    pub fn set_busy(mut self, busy: bool) {
        self.busy.set(busy);
    }

    /// Saves the record, whose form these drafts are.
    pub fn save(self, request: Request, drafts: Vec<Draft>, about: About) {
        self.set_busy(true);
        spawn(self.saved(request, drafts, about));
    }

    /// As [`Self::save`], for a task that is under way already.
    pub async fn saved(self, request: Request, drafts: Vec<Draft>, about: About) {
        match self.app.ask(request, take::saved).await {
            Ok(document) => {
                for draft in drafts {
                    draft.forget(self.app).await;
                }
                if let Some((customer, corrects)) = about {
                    note_in_visit(self.app, customer, document, corrects).await;
                }
                toast(Tone::Green, t("saved-on-phone"));
                self.navigator.replace(Route::Record { document });
            }
            Err(failure) => {
                self.set_busy(false);
                if let Some(onfailed) = self.onfailed {
                    onfailed.call(());
                }
                toast_failure(&failure);
            }
        }
    }
}
