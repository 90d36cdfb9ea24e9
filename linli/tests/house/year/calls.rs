//! The specialist's calls: made on some days, missed on others, refused where the law is.

use arrears::contact::{self, NewContact, Outcome, Reached, Way};
use arrears::{ArrearsError, Unlawful};
use foundation::ids::Id;

use super::Year;

impl Year {
    pub async fn call(&self, at: usize) -> Result<Id, ArrearsError> {
        let new = NewContact {
            on: self.today.civil(),
            minute: 10 * 60,
            way: Way::Phone,
            reached: Reached::Owner,
            incoming: false,
            arrived: false,
            result: Outcome::Told,
            said: String::new(),
            answered: String::new(),
            promise: None,
            document: None,
            letter: None,
        };
        contact::record(
            &self.house,
            &self.o.w.specialist,
            self.accounts[at].room,
            new,
        )
        .await
    }

    /// The specialist calls when a deadline is near or past, on some days and not on others,
    /// and once in a while without any need.
    pub async fn calls(&mut self) {
        for at in 0..self.accounts.len() {
            let account = &self.accounts[at];
            let near = account
                .deadline()
                .is_some_and(|by| by <= self.today.plus(3));
            if !self.odds(if near { 22 } else { 4 }) {
                continue;
            }
            let done = self.call(at).await;
            let account = &mut self.accounts[at];
            match done {
                Ok(_) => {
                    assert!(account.late(self.today) && account.may_be_called(self.today));
                    let late = account.call(self.today);
                    self.seen.calls += 1;
                    self.seen.late_calls += usize::from(late.is_some());
                    self.late.extend(late);
                    if self.odds(10) {
                        let again = self.call(at).await;
                        assert!(matches!(again, Err(ArrearsError::Unlawful(Unlawful::Day))));
                        self.seen.refusals += 1;
                    }
                }
                Err(ArrearsError::NothingOverdue) => {
                    assert!(!account.late(self.today));
                    self.seen.refusals += 1;
                }
                Err(ArrearsError::Unlawful(Unlawful::Week | Unlawful::Day)) => {
                    assert!(!account.may_be_called(self.today));
                    self.seen.refusals += 1;
                }
                Err(e) => panic!("{}: {e}", self.today.civil()),
            }
            self.followed().await;
        }
    }
}
