-- Gives the roles of roles.sql the passwords in Compose's secrets. The new container of PostgreSQL runs it by itself.
\set ON_ERROR_STOP on
\set owner `cat /run/secrets/owner_password`
\set serving `cat /run/secrets/password`
ALTER ROLE guestlist_owner PASSWORD :'owner';
ALTER ROLE guestlist PASSWORD :'serving';
