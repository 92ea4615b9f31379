-- Run once by the postgres image, as superuser, on an empty data folder.
-- The application's role is no superuser: what it may do is what it owns.
\set password `cat /run/secrets/database_password`
CREATE ROLE radrate LOGIN PASSWORD :'password';
CREATE DATABASE radrate OWNER radrate;
