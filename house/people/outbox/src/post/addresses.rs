//! Looks addresses up and opens them, for one batch, and forgets them with it.

use std::collections::{BTreeSet, HashMap};

use foundation::clock::Moment;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use zeroize::Zeroizing;

use super::PostError;
use super::take::Item;
use crate::sender::Address;
use crate::wish::{self, Wish};
use crate::{Way, devices, mailbox};

type Found = Vec<(Option<Id>, Address)>;

/// The addresses of a batch's recipients.
pub struct Addresses {
    found: HashMap<(Community, Id), Found>,
    wishes: HashMap<(Community, Id), Wish>,
}

impl Addresses {
    pub async fn open(house: &House, way: Way, items: &[Item]) -> Result<Addresses, PostError> {
        let mut out = Addresses {
            found: HashMap::new(),
            wishes: HashMap::new(),
        };
        let compounds: BTreeSet<i64> = items.iter().map(|i| i.community.0).collect();
        for c in compounds.into_iter().map(Community) {
            let here = || items.iter().filter(|i| i.community == c);
            let accounts: BTreeSet<Id> = here().filter_map(|i| i.to.account).collect();
            let parties: BTreeSet<Id> = here().filter_map(|i| i.to.party).collect();
            let accounts: Vec<Id> = accounts.into_iter().collect();
            let parties: Vec<Id> = parties.into_iter().collect();
            match way {
                Way::Sms => {
                    let phones = roster::main_phones(house, c, &parties).await;
                    let phones = phones.map_err(|e| PostError::Roster(e.to_string()))?;
                    for (party, phone) in phones {
                        out.add(c, party, None, Address::Phone(Zeroizing::new(phone)));
                    }
                }
                Way::Mail => {
                    for (account, address) in mailbox::open(house, c, &accounts).await? {
                        out.add(c, account, None, Address::Mail(address));
                    }
                }
                Way::Push => {
                    for (account, id, browser) in devices::open(house, c, &accounts).await? {
                        let address = Address::Browser(Box::new(browser));
                        out.add(c, account, Some(id), address);
                    }
                    for (account, wish) in wish::of_many(house, c, &accounts).await? {
                        out.wishes.insert((c, account), wish);
                    }
                }
            }
        }
        Ok(out)
    }

    fn add(&mut self, c: Community, whose: Id, device: Option<Id>, address: Address) {
        let found = self.found.entry((c, whose)).or_default();
        found.push((device, address));
    }

    pub fn of(&self, item: &Item) -> &[(Option<Id>, Address)] {
        let whose = item.to.account.or(item.to.party);
        let found = whose.and_then(|id| self.found.get(&(item.community, id)));
        found.map_or(&[], Vec::as_slice)
    }

    /// The end of the recipient's quiet hours, if it is one of them.
    pub fn quiet_until(&self, item: &Item, now: Moment) -> Option<Moment> {
        let account = item.to.account?;
        let wish = self.wishes.get(&(item.community, account))?;
        wish.quiet_until(now)
    }
}
