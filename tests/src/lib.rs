//! Tests of the hub as a whole, on both databases.
//!
//! * `tests/promises`: who sees what, tokens, replays, order of arrival, hung-up clients, outgoing calls, any bytes at all,
//!   canaries, releases under readers, and a whole night from seven boroughs to their hosts.
//! * `tests/kills`: the real binary, killed at any moment.
//! * `tests/floods`: the real binary under bombs and slow peers.
//! * `tests/arrows.rs`: which crate may use which.
//!
//! Each gate keeps a planted fault that it must catch. How much is tried can be set by environment variables
//! (`docs/how-to/trials.md` has the commands):
//!
//! | variable | what | usual |
//! |---|---|---|
//! | `HUB_SEED` | plays the same chance again | drawn, and said |
//! | `HUB_TRIALS` | kills while feeds come in, on each database | 60 |
//! | `HUB_FIRST_STARTS` | kills while the schema is made | 12 |
//! | `HUB_RELEASE_KILLS` | kills while releases are published, on each database | 10 |
//! | `HUB_RELEASE_READERS` | readers at once beside those kills | 4 |
//! | `HUB_SENDER_DEATHS` | kills while webhooks are sent, on each database | 20 |
//! | `HUB_STOPS` | SIGTERMs while uploads are under way, on each database | 10 |
//! | `HUB_PUBLISHES` | publishes under eight readers | 500 |
//! | `HUB_KEYS` | keys of which each is replayed a hundred times at once | 50 |
//! | `HUB_PERMUTATIONS` | orders in which six nights arrive, on each database | 60 |
//! | `HUB_HISTORIES` | drawn histories held against a model, on each database (`hub-pipeline`, `exchange`) | 100 |
//! | `HUB_HANGUPS` | uploads cut off at a random byte, on each database | 300 |
//! | `HUB_FUZZ` | rounds of some thirty broken requests, on each database | 40 |
//! | `HUB_FUZZ_MINUTES` | the same for so long, and each parser (`hub-contract`, `hostile`) | once |
//! | `PROPTEST_CASES` | cases of each parser in one go | 400 |
//! | `HUB_REQUIRE_POSTGRES` | `1`: a missing PostgreSQL server is a failure | |
