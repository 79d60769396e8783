//! Statements whose text differs between the databases: at most eight, each with its reason, and nowhere else.
//!
//! A list of keys is bound as one value: to SQLite as a JSON object's members, to PostgreSQL as an array. PostgreSQL could
//! take JSON apart as well, but it cannot see how many keys come out, nor (until its statistics catch up with a load) how
//! many rows an authority has: joining the two it compares every row with every key, and given `= ANY` it reads all of the
//! authority's rows and picks. `LATERAL … OFFSET 0` may not be turned into another join, and always goes through the
//! index, key by key; what is to be changed is then found again by its place in the table.

use crate::db::statements;

statements! {
    RECORD_CLOSE = "record.close",
        "UPDATE record SET known_to = $3 WHERE authority = $1 AND dataset = $2 AND known_to IS NULL \
         AND key IN (SELECT key FROM json_each($4))",
        "UPDATE record SET known_to = $3 FROM unnest(CAST($4 AS TEXT[])) AS k (key) CROSS JOIN LATERAL \
         (SELECT ctid AS place FROM record WHERE authority = $1 AND dataset = $2 AND known_to IS NULL \
         AND key = k.key OFFSET 0) AS r WHERE record.ctid = r.place";
    RECORD_BY_KEYS = "record.by_keys",
        "SELECT key, known_from, as_at, fingerprint, body FROM record WHERE authority = $1 AND dataset = $2 \
         AND known_to IS NULL AND key IN (SELECT key FROM json_each($3))",
        "SELECT r.key, r.known_from, r.as_at, r.fingerprint, r.body FROM unnest(CAST($3 AS TEXT[])) AS k (key) \
         CROSS JOIN LATERAL (SELECT key, known_from, as_at, fingerprint, body FROM record \
         WHERE authority = $1 AND dataset = $2 AND known_to IS NULL AND key = k.key OFFSET 0) AS r";
    RECORD_BY_PREFIXES = "record.by_prefixes",
        "SELECT r.key, r.body FROM json_each($3) AS k CROSS JOIN record AS r \
         WHERE r.authority = $1 AND r.dataset = $2 AND r.known_to IS NULL \
         AND r.key >= k.key AND r.key < k.key || $4",
        "SELECT r.key, r.body FROM unnest(CAST($3 AS TEXT[])) AS k (key) CROSS JOIN LATERAL \
         (SELECT key, body FROM record WHERE authority = $1 AND dataset = $2 AND known_to IS NULL \
         AND key >= k.key AND key < k.key || $4 OFFSET 0) AS r";
}
