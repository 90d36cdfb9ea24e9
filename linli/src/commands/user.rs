//! `linli user`: invitations, accounts and roles, for whoever runs the machine.

use std::str::FromStr as _;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use serde_json::json;

use super::Outcome;
use super::installation::Installation;
use accounts::{links, roles, staff, store};
use foundation::database::{Community, HOUSE};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Role;
use permissions::actor::Actor;

/// `linli user`
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: What,
    /// The compound, by name or slug; without it, the only one there is
    #[arg(long, global = true, value_name = "NAME")]
    community: Option<String>,
    /// One JSON document on stdout
    #[arg(long, global = true)]
    json: bool,
    /// Where people reach this house, to print whole links
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "LINLI_PUBLIC_URL",
        default_value = "http://127.0.0.1:8080"
    )]
    public_url: String,
}

const EXAMPLES: &str = "Examples:
  linli user invite --role manager --name 李靜 --community 春和苑
  linli user list --community 春和苑 --json
  linli user revoke --role cashier --account 李靜";

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Prints a single-use link by which a colleague makes an account
    Invite {
        #[arg(long, value_parser = role)]
        role: Role,
        #[arg(long)]
        name: String,
    },
    /// Lists accounts with their roles
    List,
    /// Shuts an account and ends its sessions
    Disable {
        #[arg(long, value_name = "NAME|PHONE|ID")]
        account: String,
    },
    /// Gives an account a role
    Grant {
        #[arg(long, value_name = "NAME|PHONE|ID")]
        account: String,
        #[arg(long, value_parser = role)]
        role: Role,
        /// The last day of the role
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Option<jiff::civil::Date>,
    },
    /// Takes a role back
    Revoke {
        #[arg(long, value_name = "NAME|PHONE|ID")]
        account: String,
        #[arg(long, value_parser = role)]
        role: Role,
    },
}

fn role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| {
        let all: Vec<&str> = Role::ALL.iter().map(|r| r.word()).collect();
        format!("there are {}", all.join(", "))
    })
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    let house = installation.open().await?;
    match &args.what {
        What::Invite { role, name } => invite(&house, &args, *role, name).await,
        What::List => list(&house, &args).await,
        What::Disable { account } => {
            let account = find(&house, account).await?;
            roles::disable(&house, &Actor::operator(HOUSE), account).await?;
            said(&args, &json!({ "disabled": account }), "disabled");
            Ok(Outcome::Sound)
        }
        What::Grant {
            account,
            role,
            until,
        } => {
            let place = place(&house, &args, *role).await?;
            let account = find(&house, account).await?;
            let by = Actor::operator(place);
            staff::grant_role(&house, &by, account, *role, *until).await?;
            said(&args, &json!({ "granted": role.word() }), "granted");
            Ok(Outcome::Sound)
        }
        What::Revoke { account, role } => {
            let place = place(&house, &args, *role).await?;
            let account = find(&house, account).await?;
            staff::revoke_role(&house, &Actor::operator(place), account, *role).await?;
            said(&args, &json!({ "revoked": role.word() }), "revoked");
            Ok(Outcome::Sound)
        }
    }
}

fn said(args: &Args, document: &serde_json::Value, words: &str) {
    if args.json {
        println!("{document}");
    } else {
        println!("{words}");
    }
}

async fn invite(house: &House, args: &Args, role: Role, name: &str) -> anyhow::Result<Outcome> {
    let place = place(house, args, role).await?;
    let path = links::invite(house, &Actor::operator(place), role, name).await?;
    let link = format!("{}{path}", args.public_url.trim_end_matches('/'));
    let days = links::lasts(role) / foundation::clock::DAY;
    if args.json {
        let document = json!({ "link": link, "role": role.word(), "name": name, "days": days });
        println!("{document}");
    } else {
        println!("{link}");
        eprintln!("For {name} ({}), once, within {days} days.", role.word());
    }
    Ok(Outcome::Sound)
}

async fn list(house: &House, args: &Args) -> anyhow::Result<Outcome> {
    let place = match &args.community {
        Some(name) => Some(named(house, name).await?),
        None => None,
    };
    let all = staff::everybody(house, place).await?;
    if args.json {
        let list: Vec<_> = all
            .iter()
            .map(|one| {
                json!({
                    "id": one.id, "name": one.name, "role": one.role.word(),
                    "community": one.community.0, "active": one.active,
                    "until": last_day(one).map(|day| day.to_string()),
                })
            })
            .collect();
        println!("{}", json!({ "users": list }));
    } else {
        for one in &all {
            let state = if one.active { "" } else { "  (disabled)" };
            let until = last_day(one).map_or(String::new(), |day| format!("  (until {day})"));
            let role = one.role.word();
            println!("{}  {role:<12}{}{until}{state}", one.id, one.name);
        }
        eprintln!("{} roles", all.len());
    }
    Ok(Outcome::Sound)
}

/// The last day of a role that ends.
fn last_day(one: &staff::Colleague) -> Option<jiff::civil::Date> {
    one.until_at.map(|at| at.plus(-1).date())
}

/// Operators belong to the house, everybody else to a compound.
async fn place(house: &House, args: &Args, role: Role) -> anyhow::Result<Community> {
    if role == Role::Operator {
        return Ok(HOUSE);
    }
    if let Some(name) = &args.community {
        return named(house, name).await;
    }
    let all: Vec<(Community,)> = house.db.all(store::first_two_communities()).await?;
    match all.as_slice() {
        [(only,)] => Ok(*only),
        [] => bail!("there is no compound yet: import a roster with --create first"),
        _ => bail!("there are several compounds: name one with --community"),
    }
}

async fn named(house: &House, name: &str) -> anyhow::Result<Community> {
    let found: Option<(Community,)> = house.db.optional(store::community_named(name)).await?;
    Ok(found
        .with_context(|| format!("there is no compound {name}"))?
        .0)
}

async fn find(house: &House, text: &str) -> anyhow::Result<Id> {
    if let Ok(id) = Id::from_str(text) {
        return Ok(id);
    }
    let row = accounts::sign_in::find(house, text).await?;
    Ok(row
        .with_context(|| format!("nobody signs in as {text}"))?
        .id)
}
