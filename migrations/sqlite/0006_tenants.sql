-- SQLite has no roles: the tenant predicate in each statement stands alone here, and the suite that both
-- databases share tests it. The file exists so that both databases have the same list of migrations.
SELECT 1;
