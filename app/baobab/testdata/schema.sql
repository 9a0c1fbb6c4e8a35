-- The tables of Baobab that are moved, with the columns, types and constraints that its models declare; of tables that
-- are not moved, what the others refer to.

CREATE TABLE country (id serial PRIMARY KEY, name varchar(100) NOT NULL);
CREATE TABLE user_category (
    id serial PRIMARY KEY, name varchar(100) NOT NULL, description varchar(500), "group" varchar(100)
);

CREATE TABLE organisation (
    id serial PRIMARY KEY,
    name varchar(50) NOT NULL,
    system_name varchar(50) NOT NULL,
    small_logo varchar(100) NOT NULL,
    large_logo varchar(100) NOT NULL,
    icon_logo varchar(100) NOT NULL,
    domain varchar(100) NOT NULL,
    url varchar(100) NOT NULL,
    email_from varchar(100),
    system_url varchar(100) NOT NULL,
    privacy_policy varchar(100) NOT NULL,
    languages json NOT NULL,
    iso_currency_code varchar(3),
    stripe_api_publishable_key varchar(200),
    stripe_api_secret_key varchar(200),
    stripe_webhook_secret_key varchar(200)
);

CREATE TABLE app_user (
    id serial PRIMARY KEY,
    email varchar(255) NOT NULL,
    firstname varchar(100) NOT NULL,
    lastname varchar(100) NOT NULL,
    user_title varchar(20) NOT NULL,
    nationality_country_id integer REFERENCES country (id),
    residence_country_id integer REFERENCES country (id),
    user_gender varchar(20),
    affiliation varchar(255),
    department varchar(255),
    user_disability varchar(255),
    user_category_id integer REFERENCES user_category (id),
    "user_dateOfBirth" timestamp,
    "user_primaryLanguage" varchar(255),
    password varchar(255) NOT NULL,
    active boolean NOT NULL,
    is_admin boolean NOT NULL,
    is_deleted boolean NOT NULL,
    deleted_datetime_utc timestamp,
    verified_email boolean,
    verify_token varchar(255) UNIQUE,
    policy_agreed_datetime timestamp,
    organisation_id integer NOT NULL REFERENCES organisation (id),
    CONSTRAINT org_email_unique UNIQUE (email, organisation_id)
);

CREATE TYPE event_type AS ENUM ('EVENT', 'AWARD', 'CALL', 'PROGRAMME', 'JOURNAL');

CREATE TABLE event (
    id serial PRIMARY KEY,
    start_date timestamp NOT NULL,
    end_date timestamp,
    key varchar(255) NOT NULL UNIQUE,
    organisation_id integer NOT NULL REFERENCES organisation (id),
    email_from varchar(255) NOT NULL,
    url varchar(255) NOT NULL,
    application_open timestamp,
    application_close timestamp,
    review_open timestamp,
    review_close timestamp,
    selection_open timestamp,
    selection_close timestamp,
    offer_open timestamp,
    offer_close timestamp,
    registration_open timestamp,
    registration_close timestamp,
    event_type event_type NOT NULL,
    travel_grant boolean NOT NULL,
    miniconf_url varchar(100)
);

CREATE TABLE event_translation (
    id serial PRIMARY KEY,
    event_id integer NOT NULL REFERENCES event (id),
    name varchar(100) NOT NULL,
    description varchar(500) NOT NULL,
    language varchar(2),
    CONSTRAINT uq_event_id_language UNIQUE (event_id, language)
);

CREATE TABLE event_role (
    id serial PRIMARY KEY,
    event_id integer NOT NULL REFERENCES event (id),
    user_id integer NOT NULL REFERENCES app_user (id),
    role varchar(50) NOT NULL
);

CREATE TABLE invited_guest (
    id serial PRIMARY KEY,
    event_id integer NOT NULL REFERENCES event (id),
    user_id integer NOT NULL REFERENCES app_user (id),
    role varchar(50) NOT NULL
);
CREATE INDEX invited_guest_lookup ON invited_guest (event_id, user_id);
CREATE INDEX invited_guest_event_lookup ON invited_guest (event_id);

CREATE TYPE tag_type AS ENUM ('RESPONSE', 'REGISTRATION', 'GRANT', 'QUESTION', 'CHECKIN');

CREATE TABLE tag (
    id serial PRIMARY KEY,
    event_id integer NOT NULL REFERENCES event (id),
    tag_type tag_type,
    active boolean NOT NULL
);

CREATE TABLE tag_translation (
    id serial PRIMARY KEY,
    tag_id integer NOT NULL REFERENCES tag (id),
    language varchar(2) NOT NULL,
    name varchar NOT NULL,
    description varchar,
    CONSTRAINT uq_tag_id_language UNIQUE (tag_id, language)
);

CREATE TABLE invited_guest_tag (
    id serial PRIMARY KEY,
    invited_guest_id integer NOT NULL REFERENCES invited_guest (id),
    tag_id integer NOT NULL REFERENCES tag (id)
);
