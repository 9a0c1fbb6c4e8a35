-- Sets the passwords of the roles from Compose's secrets. PostgreSQL's container runs it when its volume is new.
\set ON_ERROR_STOP on
\set owner `cat /run/secrets/owner_password`
\set serving `cat /run/secrets/password`
ALTER ROLE guestlist_owner PASSWORD :'owner';
ALTER ROLE guestlist PASSWORD :'serving';
