-- The tables in which guests register, in short: an organisation that has never used them may lack them.

CREATE TABLE registration_form (id serial PRIMARY KEY, event_id integer NOT NULL REFERENCES event (id));

CREATE TABLE guest_registration (
    id serial PRIMARY KEY,
    user_id integer NOT NULL REFERENCES app_user (id),
    registration_form_id integer NOT NULL REFERENCES registration_form (id),
    confirmed boolean NOT NULL,
    created_at timestamp,
    confirmation_email_sent_at timestamp
);

INSERT INTO registration_form (id, event_id) VALUES (1, 1);
INSERT INTO guest_registration (user_id, registration_form_id, confirmed, created_at) VALUES
    (4, 1, true, '2100-01-02 03:04:05'), (3, 1, false, '2100-01-02 03:04:05');
