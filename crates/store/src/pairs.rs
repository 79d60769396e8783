//! Statements whose text differs between the databases: at most eight, each with its reason, and nowhere else.
//!
//! A list of keys is bound as one value: to SQLite as a JSON object's members, to PostgreSQL as an array. PostgreSQL could
//! take JSON apart as well, but it cannot see how many keys come out, nor (until its statistics catch up with a load) how
//! many rows an authority has: joining the two it compares every row with every key. Given `= ANY` it may still read all
//! of the authority's rows and pick; so it is given the list's first and last key too. The lists are consecutive pieces of
//! one sorted list, so that at worst the authority is read once in all. `LATERAL … OFFSET 0` may not be turned into
//! another join, and always goes through the index.

use crate::db::statements;

statements! {
    RECORD_CLOSE = "record.close",
        "UPDATE record SET known_to = $3 WHERE authority = $1 AND dataset = $2 AND known_to IS NULL \
         AND key IN (SELECT key FROM json_each($4))",
        "UPDATE record SET known_to = $3 WHERE authority = $1 AND dataset = $2 AND known_to IS NULL \
         AND key BETWEEN $5 AND $6 \
         AND key = ANY($4)";
    RECORD_TOUCH = "record.touch",
        "UPDATE record SET as_at = $3 WHERE authority = $1 AND dataset = $2 AND known_to IS NULL \
         AND key IN (SELECT key FROM json_each($4))",
        "UPDATE record SET as_at = $3 WHERE authority = $1 AND dataset = $2 AND known_to IS NULL \
         AND key BETWEEN $5 AND $6 \
         AND key = ANY($4)";
    RECORD_BY_KEYS = "record.by_keys",
        "SELECT key, known_from, as_at, fingerprint, body FROM record WHERE authority = $1 AND dataset = $2 \
         AND known_to IS NULL AND key IN (SELECT key FROM json_each($3))",
        "SELECT key, known_from, as_at, fingerprint, body FROM record WHERE authority = $1 AND dataset = $2 \
         AND known_to IS NULL AND key BETWEEN $4 AND $5 \
         AND key = ANY($3)";
    RECORD_BY_PREFIXES = "record.by_prefixes",
        "SELECT r.key, r.body FROM json_each($3) AS k CROSS JOIN record AS r \
         WHERE r.authority = $1 AND r.dataset = $2 AND r.known_to IS NULL \
         AND r.key >= k.key AND r.key < k.key || $4",
        "SELECT r.key, r.body FROM unnest(CAST($3 AS TEXT[])) AS k (key) CROSS JOIN LATERAL \
         (SELECT key, body FROM record WHERE authority = $1 AND dataset = $2 AND known_to IS NULL \
         AND key >= k.key AND key < k.key || $4 OFFSET 0) AS r";
    RECORD_LAST_SAID = "record.last_said",
        "SELECT key, MAX(as_at) AS said FROM record WHERE authority = $1 AND dataset = $2 \
         AND key IN (SELECT key FROM json_each($3)) GROUP BY key",
        "SELECT key, MAX(as_at) AS said FROM record WHERE authority = $1 AND dataset = $2 \
         AND key BETWEEN $4 AND $5 \
         AND key = ANY($3) GROUP BY key";
}
