-- Row-level security: reads on behalf of one authority run as hub_tenant, a role that owns nothing, with
-- hub.authority set for the transaction. The role is the cluster's, so another database may have made it already.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'hub_tenant') THEN
    CREATE ROLE hub_tenant NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  EXECUTE format('GRANT hub_tenant TO %I', current_user);
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO hub_tenant', current_schema());
END $$;
GRANT SELECT ON submission, payload, record, notice, notice_event, delivery, attempt, endpoint, event, member TO hub_tenant;
ALTER TABLE submission ENABLE ROW LEVEL SECURITY;
ALTER TABLE payload ENABLE ROW LEVEL SECURITY;
ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE endpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON submission FOR SELECT TO hub_tenant USING (authority = current_setting('hub.authority', true));
CREATE POLICY own ON payload FOR SELECT TO hub_tenant USING (authority = current_setting('hub.authority', true));
CREATE POLICY own ON record FOR SELECT TO hub_tenant USING (authority = current_setting('hub.authority', true));
CREATE POLICY own ON notice FOR SELECT TO hub_tenant
  USING (authority = current_setting('hub.authority', true) OR (host = current_setting('hub.authority', true) AND issued = 1));
CREATE POLICY own ON notice_event FOR SELECT TO hub_tenant
  USING (EXISTS (SELECT 1 FROM notice n WHERE n.authority = notice_event.authority AND n.id = notice_event.notice));
CREATE POLICY own ON delivery FOR SELECT TO hub_tenant
  USING (authority = current_setting('hub.authority', true) OR placed_by = current_setting('hub.authority', true));
CREATE POLICY own ON attempt FOR SELECT TO hub_tenant
  USING (EXISTS (SELECT 1 FROM delivery d WHERE d.authority = attempt.authority AND d.id = attempt.delivery));
CREATE POLICY own ON endpoint FOR SELECT TO hub_tenant USING (authority = current_setting('hub.authority', true));
CREATE POLICY own ON event FOR SELECT TO hub_tenant USING (authority = current_setting('hub.authority', true));
