-- The two roles, and what they may do in the database this runs in. Safe to run again.
-- Run by a superuser: by `manage.py up` in template1, so that every database made later is
-- born with it, and by the PostgreSQL image of docker-compose.yml in its database.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'comanage_owner') THEN
        CREATE ROLE comanage_owner LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'comanage_app') THEN
        CREATE ROLE comanage_app LOGIN NOCREATEDB NOSUPERUSER NOBYPASSRLS;
    END IF;
    IF current_database() <> 'template1' THEN
        EXECUTE format('ALTER DATABASE %I OWNER TO comanage_owner', current_database());
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO comanage_app', current_database());
    END IF;
END
$$;

-- Exclusion constraints over a tenant and a range of dates need it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO comanage_owner;
GRANT USAGE ON SCHEMA public TO comanage_app;

-- What the owner makes, the app may read and write, never TRUNCATE, alter or own.
ALTER DEFAULT PRIVILEGES FOR ROLE comanage_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO comanage_app;
ALTER DEFAULT PRIVILEGES FOR ROLE comanage_owner GRANT USAGE ON SEQUENCES TO comanage_app;
ALTER DEFAULT PRIVILEGES FOR ROLE comanage_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE comanage_owner GRANT EXECUTE ON FUNCTIONS TO comanage_app;
