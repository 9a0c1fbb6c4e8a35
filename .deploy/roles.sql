-- Creates the roles and the database. Run it in psql as a superuser, again if you like, or for another database:
--   psql -d postgres -f roles.sql
--   psql -d postgres -v database=guestlist_restored -f roles.sql
-- guestlist_owner owns the schema and runs "db upgrade"; the program serves as guestlist, which can only read and
-- change rows.
-- Neither has a password yet: \password guestlist_owner, \password guestlist
\set ON_ERROR_STOP on
\if :{?database}
\else
  \set database guestlist
\endif

SELECT 'CREATE ROLE guestlist_owner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guestlist_owner') \gexec
SELECT 'CREATE ROLE guestlist LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guestlist') \gexec
SELECT format('CREATE DATABASE %I OWNER guestlist_owner', :'database')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO guestlist;

\connect :"database"
ALTER SCHEMA public OWNER TO guestlist_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO guestlist;
-- Rights on what the owner creates from now on, and on what exists already.
ALTER DEFAULT PRIVILEGES FOR ROLE guestlist_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO guestlist;
ALTER DEFAULT PRIVILEGES FOR ROLE guestlist_owner IN SCHEMA public
  GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO guestlist;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guestlist;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO guestlist;
