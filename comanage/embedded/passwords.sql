-- Passwords of the two roles, for servers reached over the network. Run by psql.
\getenv owner_password COMANAGE_OWNER_PASSWORD
\getenv app_password COMANAGE_APP_PASSWORD
ALTER ROLE comanage_owner PASSWORD :'owner_password';
ALTER ROLE comanage_app PASSWORD :'app_password';
