-- An organisation with invented people. HASH stands for the bcrypt hash of "old password". Ids begin at 1, as serial
-- gives them; rows that cannot be moved say why.

INSERT INTO organisation (name, system_name, small_logo, large_logo, icon_logo, domain, url, system_url, privacy_policy, languages)
VALUES ('Example Society', 'Example', 's', 'l', 'i', 'example.org', 'https://example.org', 'https://example.org', 'p.pdf',
        '[{"code": "en", "description": "English"}]');

INSERT INTO app_user (id, email, firstname, lastname, user_title, "user_primaryLanguage", password, active, is_admin, is_deleted,
    deleted_datetime_utc, verified_email, policy_agreed_datetime, organisation_id) VALUES
(1, 'Root@Example.org', 'Ruth', 'Root', 'Dr', 'en', 'HASH', true, true, false, NULL, true, '2099-01-02 03:04:05', 1),
(2, 'ann@example.org', 'Ann', 'Ångström', 'Prof', 'fr', 'HASH', true, false, false, NULL, true, '2099-01-02 03:04:05', 1),
(3, 'new@example.org', 'Nia', 'New', 'Ms', NULL, 'HASH', true, false, false, NULL, NULL, NULL, 1),          -- not verified
(4, 'bob@example.org', 'Bob', 'Lee', 'Mr', 'English (UK)', 'HASH', true, false, false, NULL, true, NULL, 1),     -- a language that is no tag
(5, 'gone@example.org', 'Gus', 'Gone', 'Mr', 'en', 'HASH', true, true, true, '2099-05-06 07:08:09', true, NULL, 1),
(6, 'BOB@example.org', 'Bob', 'Old', 'Mr', 'en', 'HASH', true, true, false, NULL, false, NULL, 1),          -- the same address as 4
(7, 'no address', 'Nob', 'Ody', 'Mr', 'en', 'HASH', true, false, false, NULL, true, NULL, 1),
(8, 'pam@example.org', 'Pam' || chr(9), 'Tab', 'Ms', 'en', 'pbkdf2:sha256$x', true, false, false, NULL, true, NULL, 1),
(9, 'ANN@EXAMPLE.ORG', 'Ann', 'Gone', 'Ms', 'en', 'HASH', true, false, true, NULL, true, NULL, 1);          -- as 2, and deleted

INSERT INTO event (id, key, start_date, end_date, organisation_id, email_from, url, event_type, travel_grant, miniconf_url,
    registration_open, registration_close, application_open, application_close) VALUES
(1, 'gala', '2100-03-01', '2100-03-05 18:00', 1, 'gala@example.org', 'https://example.org/gala', 'EVENT', false, NULL,
    '2100-01-01', '2100-02-01', '2099-06-01', '2099-05-01'),                                   -- closes before it opens
(2, 'call', '2100-04-01', '2100-04-02', 1, 'no address', '', 'CALL', true, 'https://mini.example.org', NULL, NULL, NULL, NULL),
(3, 'backwards', '2100-04-02', '2100-04-01', 1, '', '', 'EVENT', false, NULL, NULL, NULL, NULL, NULL),
(4, 'a key', '2100-04-01', '2100-04-02', 1, '', '', 'AWARD', false, NULL, NULL, NULL, NULL, NULL);

INSERT INTO event_translation (id, event_id, language, name, description) VALUES
(1, 1, 'en', 'The gala', 'A dinner'), (2, 1, 'fr', 'Le gala', ''), (3, 1, NULL, 'Das Fest', 'x'),
(4, 2, 'en', 'The call', 'A call'), (5, 3, 'en', 'Backwards', 'x'), (6, 4, 'en', 'A key', 'x');

INSERT INTO event_role (id, event_id, user_id, role) VALUES
(1, 1, 2, 'admin'), (2, 1, 3, 'reviewer'), (3, 1, 6, 'treasurer'), (4, 1, 5, 'admin'), (5, 1, 7, 'admin'),
(6, 1, 2, 'read_only'), (7, 3, 2, 'admin'), (8, 1, 2, 'admin'), (9, 2, 2, 'speaker');

INSERT INTO tag (id, event_id, tag_type, active) VALUES
(1, 1, 'REGISTRATION', true), (2, 1, NULL, true), (3, 1, 'GRANT', false), (4, 1, 'REGISTRATION', true), (5, 2, 'CHECKIN', true), (6, 3, 'GRANT', true);

INSERT INTO tag_translation (id, tag_id, language, name, description) VALUES
(1, 1, 'en', 'VIP', 'Very important'), (2, 1, 'fr', 'Invité', NULL), (3, 2, 'en', 'Speaker', NULL), (4, 3, 'en', 'Old', NULL),
(5, 4, 'en', 'VIP', 'The same again'), (6, 5, 'en', 'Here', ''), (7, 6, 'en', 'Lost', NULL);

INSERT INTO invited_guest (id, event_id, user_id, role) VALUES
(1, 1, 3, 'Speaker'), (2, 1, 4, 'Guest'), (3, 1, 6, 'Mentor'), (4, 1, 5, 'Guest'), (5, 2, 2, 'Guest'), (6, 1, 3, 'Guest'),
(7, 3, 2, 'Guest'), (8, 1, 2, ' ');

INSERT INTO invited_guest_tag (id, invited_guest_id, tag_id) VALUES
(1, 1, 1), (2, 1, 2), (3, 2, 4), (4, 2, 3), (5, 6, 1), (6, 3, 2), (7, 4, 1), (8, 5, 1), (9, 5, 5);

SELECT setval('app_user_id_seq', 9), setval('event_id_seq', 4), setval('event_translation_id_seq', 6), setval('event_role_id_seq', 9),
    setval('tag_id_seq', 6), setval('tag_translation_id_seq', 7), setval('invited_guest_id_seq', 8), setval('invited_guest_tag_id_seq', 9);
