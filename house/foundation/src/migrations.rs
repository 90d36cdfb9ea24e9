//! The steps that the databases have gone through, in order. Each is written once
//! for each database under the same number and name; a test compares the outcomes.

use super::database::{Migration, MigrationSet};

macro_rules! step {
    ($number:literal, $name:literal) => {
        Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../../migrations/postgres/", $name, ".sql")),
        }
    };
}

macro_rules! key_step {
    ($number:literal, $name:literal) => {
        Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../../migrations/keys/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../../migrations/keys/postgres/", $name, ".sql")),
        }
    };
}

/// The house's database.
pub const HOUSE_STEPS: MigrationSet = &[
    step!(1, "0001_house"),
    step!(2, "0002_accounts"),
    step!(3, "0003_roster"),
    step!(4, "0004_fees"),
    step!(5, "0005_membership"),
    step!(6, "0006_rights"),
    step!(7, "0007_conduct"),
    step!(8, "0008_exchange"),
    step!(9, "0009_ways"),
    step!(10, "0010_conduct_follows"),
    step!(11, "0011_group"),
    step!(12, "0012_outbox"),
    step!(13, "0013_notices"),
    step!(14, "0014_group_more"),
    step!(15, "0015_group_nudge"),
    step!(16, "0016_sharing"),
    step!(17, "0017_dossiers"),
    step!(18, "0018_shelves"),
    step!(19, "0019_forms"),
    step!(20, "0020_shelf_order"),
    step!(21, "0021_supervision"),
    step!(22, "0022_successions"),
    step!(23, "0023_census"),
    step!(24, "0024_changes"),
    step!(25, "0025_arrears"),
    step!(26, "0026_viewings"),
    step!(27, "0027_fees_whole"),
    step!(28, "0028_changes_of_imports"),
    step!(29, "0029_told"),
    step!(30, "0030_fees_and_arrears_more"),
    step!(31, "0031_shelves_follow"),
    step!(32, "0032_assistant"),
    step!(33, "0033_changes_in_order"),
    step!(34, "0034_boxes_away"),
    step!(35, "0035_desk"),
    step!(36, "0036_desk_tally"),
    step!(37, "0037_own_files"),
    step!(38, "0038_fee_pay_ways"),
    step!(39, "0039_tags"),
    step!(40, "0040_desk_second_filter"),
];

/// The key store.
pub const KEY_STEPS: MigrationSet = &[key_step!(1, "0001_keys")];
