-- Version 1: the tables of tables.sql.

-- Divisions of the organisation: every queue, form and contact belongs to one.
CREATE TABLE divisions (
  division_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  division_id VARCHAR(64) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  name VARCHAR(255),  -- The division's name, current.
  description TEXT,  -- What the division is for, as its administrators wrote it.
  is_home BOOLEAN,  -- Whether it is the organisation's home division, where everything lands that names no other.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- Agents and other employees, past ones included.
CREATE TABLE users (
  user_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  user_id VARCHAR(36) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  name VARCHAR(255),  -- Full name, current.
  email VARCHAR(255),  -- Work e-mail address.
  username VARCHAR(255),  -- Login name, usually the e-mail address.
  preferred_name VARCHAR(255),  -- The name the person prefers to be called by.
  title VARCHAR(255),  -- Job title.
  department VARCHAR(255),  -- Department.
  state VARCHAR(20),  -- active, inactive or deleted, verbatim.
  division_key INTEGER REFERENCES divisions (division_key),  -- The user's division.
  manager_key INTEGER REFERENCES users (user_key),  -- The user's manager.
  team_key INTEGER REFERENCES teams (team_key),  -- The user's team now; the team at the time of a contact stands on the contact.
  is_acd_auto_answer BOOLEAN,  -- Whether calls from queues are answered for the user without a click.
  language_preference VARCHAR(35),  -- The user's own language setting, a language tag.
  last_login_ms BIGINT,  -- Last login known to the directory, epoch milliseconds.
  last_login_at TIMESTAMP AS (datetime(last_login_ms / 1000, 'unixepoch')),  -- Last login known to the directory, UTC.
  welcome_sent_ms BIGINT,  -- When the welcome mail was sent, epoch milliseconds.
  welcome_sent_at TIMESTAMP AS (datetime(welcome_sent_ms / 1000, 'unixepoch')),  -- When the welcome mail was sent, UTC.
  api_version BIGINT,  -- Genesys Cloud's change counter of the user.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- Teams of agents.
CREATE TABLE teams (
  team_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  team_id VARCHAR(36) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  name VARCHAR(255),  -- The team's name, current.
  division_key INTEGER REFERENCES divisions (division_key),  -- The team's division.
  description TEXT,  -- What the team is for.
  member_count BIGINT,  -- Members at the last listing.
  created_ms BIGINT,  -- When the team was created, epoch milliseconds.
  created_at TIMESTAMP AS (datetime(created_ms / 1000, 'unixepoch')),  -- When the team was created, UTC.
  modified_ms BIGINT,  -- When the team was last changed, epoch milliseconds.
  modified_at TIMESTAMP AS (datetime(modified_ms / 1000, 'unixepoch')),  -- When the team was last changed, UTC.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- Queues, with the service level promised per medium.
CREATE TABLE queues (
  queue_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  queue_id VARCHAR(36) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  name VARCHAR(255),  -- The queue's name, current.
  division_key INTEGER REFERENCES divisions (division_key),  -- The queue's division.
  description TEXT,  -- What the queue is for.
  created_ms BIGINT,  -- When the queue was created, epoch milliseconds.
  created_at TIMESTAMP AS (datetime(created_ms / 1000, 'unixepoch')),  -- When the queue was created, UTC.
  modified_ms BIGINT,  -- When the queue was last changed, epoch milliseconds.
  modified_at TIMESTAMP AS (datetime(modified_ms / 1000, 'unixepoch')),  -- When the queue was last changed, UTC.
  created_by_key INTEGER REFERENCES users (user_key),  -- Who created the queue.
  modified_by_key INTEGER REFERENCES users (user_key),  -- Who changed the queue last.
  member_count BIGINT,  -- Members at the last listing.
  user_member_count BIGINT,  -- Members added one by one.
  joined_member_count BIGINT,  -- Members who have joined the queue.
  call_service_level_pct REAL,  -- Calls: share to be answered in time, as delivered (0.8 is 80 percent).
  call_service_level_ms BIGINT,  -- Calls: time to answer within, milliseconds.
  call_service_level_s REAL AS (call_service_level_ms / 1000.0),  -- Calls: time to answer within, seconds.
  callback_service_level_pct REAL,  -- Callbacks: share to be answered in time.
  callback_service_level_ms BIGINT,  -- Callbacks: time to answer within, milliseconds.
  callback_service_level_s REAL AS (callback_service_level_ms / 1000.0),  -- Callbacks: time to answer within, seconds.
  chat_service_level_pct REAL,  -- Chats: share to be answered in time.
  chat_service_level_ms BIGINT,  -- Chats: time to answer within, milliseconds.
  chat_service_level_s REAL AS (chat_service_level_ms / 1000.0),  -- Chats: time to answer within, seconds.
  email_service_level_pct REAL,  -- E-mails: share to be answered in time.
  email_service_level_ms BIGINT,  -- E-mails: time to answer within, milliseconds.
  email_service_level_s REAL AS (email_service_level_ms / 1000.0),  -- E-mails: time to answer within, seconds.
  message_service_level_pct REAL,  -- Messages: share to be answered in time.
  message_service_level_ms BIGINT,  -- Messages: time to answer within, milliseconds.
  message_service_level_s REAL AS (message_service_level_ms / 1000.0),  -- Messages: time to answer within, seconds.
  skill_evaluation_method VARCHAR(20),  -- How required skills choose the agent: NONE, BEST or ALL, verbatim.
  scoring_method VARCHAR(40),  -- How waiting contacts are ordered, verbatim.
  last_agent_routing_mode VARCHAR(40),  -- Whether a returning customer goes to the last agent, verbatim.
  acw_settings TEXT,  -- After-call work: prompt and time limit, JSON.
  is_auto_answer_only BOOLEAN,  -- Whether only agents with automatic answer are chosen.
  has_transcription BOOLEAN,  -- Whether voice is transcribed.
  has_audio_monitoring BOOLEAN,  -- Whether supervisors may listen.
  has_manual_assignment BOOLEAN,  -- Whether agents may pick contacts themselves.
  is_in_queue_recording_suppressed BOOLEAN,  -- Whether waiting callers are not recorded.
  peer_id VARCHAR(36),  -- The queue's id in a system it is paired with.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- What agents file a contact under when it ends; built-in codes such as ININ-WRAP-UP-TIMEOUT are inferred rows.
CREATE TABLE wrapup_codes (
  wrapup_code_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  wrapup_code_id VARCHAR(64) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  name VARCHAR(255),  -- The code's name, current.
  division_key INTEGER REFERENCES divisions (division_key),  -- The code's division.
  description TEXT,  -- When to use the code.
  created_ms BIGINT,  -- When the code was created, epoch milliseconds.
  created_at TIMESTAMP AS (datetime(created_ms / 1000, 'unixepoch')),  -- When the code was created, UTC.
  modified_ms BIGINT,  -- When the code was last changed, epoch milliseconds.
  modified_at TIMESTAMP AS (datetime(modified_ms / 1000, 'unixepoch')),  -- When the code was last changed, UTC.
  created_by_key INTEGER REFERENCES users (user_key),  -- Who created the code.
  modified_by_key INTEGER REFERENCES users (user_key),  -- Who changed the code last.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- Routing skills; segments and sessions name them by id in their lists.
CREATE TABLE skills (
  skill_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  skill_id VARCHAR(36) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  name VARCHAR(255),  -- The skill's name, current.
  state VARCHAR(20),  -- active, inactive or deleted, verbatim.
  modified_ms BIGINT,  -- When the skill was last changed, epoch milliseconds.
  modified_at TIMESTAMP AS (datetime(modified_ms / 1000, 'unixepoch')),  -- When the skill was last changed, UTC.
  api_version VARCHAR(20),  -- Genesys Cloud's change counter of the skill.
  division_key INTEGER REFERENCES divisions (division_key),  -- The skill's division.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- Routing languages.
CREATE TABLE languages (
  language_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  language_id VARCHAR(36) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  name VARCHAR(255),  -- The language's name, current.
  state VARCHAR(20),  -- active, inactive or deleted, verbatim.
  modified_ms BIGINT,  -- When the language was last changed, epoch milliseconds.
  modified_at TIMESTAMP AS (datetime(modified_ms / 1000, 'unixepoch')),  -- When the language was last changed, UTC.
  api_version VARCHAR(20),  -- Genesys Cloud's change counter of the language.
  division_key INTEGER REFERENCES divisions (division_key),  -- The language's division.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- Survey forms: one row per version; the context stays the same across versions.
CREATE TABLE survey_forms (
  form_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  form_id VARCHAR(36) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  context_id VARCHAR(36),  -- The id all versions of a form share.
  name VARCHAR(255),  -- The form's name in this version.
  language VARCHAR(35),  -- Language tag of the texts.
  modified_ms BIGINT,  -- When this version was last changed, epoch milliseconds.
  modified_at TIMESTAMP AS (datetime(modified_ms / 1000, 'unixepoch')),  -- When this version was last changed, UTC.
  is_published BOOLEAN,  -- Whether this version is published.
  is_disabled BOOLEAN,  -- Whether this version no longer accepts answers.
  header TEXT,  -- Text above the questions.
  footer TEXT,  -- Text below the questions.
  division_key INTEGER REFERENCES divisions (division_key),  -- The form's division.
  is_redacted BOOLEAN,  -- Whether the client may not see the form's texts.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- Groups of questions of a form version, in the order of the form.
CREATE TABLE survey_question_groups (
  form_key INTEGER NOT NULL REFERENCES survey_forms (form_key),  -- The form it belongs to.
  group_no INTEGER NOT NULL,  -- Group, numbered from 0 in the order of the form or the answers.
  group_id VARCHAR(36),  -- The group's id in this version.
  context_id VARCHAR(36),  -- The id the group keeps across versions; NULL in forms of 2021 and older.
  name VARCHAR(255),  -- The group's heading.
  group_type VARCHAR(40),  -- Kind of group, verbatim.
  is_na_enabled BOOLEAN,  -- Whether the group may be marked not applicable.
  visibility_condition TEXT,  -- When the group is shown, JSON.
  PRIMARY KEY (form_key, group_no)
) WITHOUT ROWID;

-- Questions of a form version, in the order of the form.
CREATE TABLE survey_questions (
  form_key INTEGER NOT NULL REFERENCES survey_forms (form_key),  -- The form it belongs to.
  group_no INTEGER NOT NULL,  -- Group, numbered from 0 in the order of the form or the answers.
  question_no INTEGER NOT NULL,  -- Question of the group, numbered from 0.
  question_id VARCHAR(36),  -- The question's id in this version.
  context_id VARCHAR(36),  -- The id the question keeps across versions; NULL in forms of 2021 and older.
  text TEXT,  -- The question as the customer reads it.
  help_text TEXT,  -- Explanation below the question.
  question_type VARCHAR(40),  -- multipleChoiceQuestion, multipleSelectQuestion, freeTextQuestion, npsQuestion, readOnlyTextBlockQuestion, verbatim.
  is_na_enabled BOOLEAN,  -- Whether the question may be marked not applicable.
  max_response_characters INTEGER,  -- Longest free text accepted.
  explanation_prompt TEXT,  -- What asks for the reason of a score.
  visibility_condition TEXT,  -- When the question is shown, JSON.
  PRIMARY KEY (form_key, group_no, question_no)
) WITHOUT ROWID;

-- Options to choose from, in the order of the form.
CREATE TABLE survey_answer_options (
  form_key INTEGER NOT NULL REFERENCES survey_forms (form_key),  -- The form it belongs to.
  group_no INTEGER NOT NULL,  -- Group, numbered from 0 in the order of the form or the answers.
  question_no INTEGER NOT NULL,  -- Question of the group, numbered from 0.
  option_no INTEGER NOT NULL,  -- Option of the question, numbered from 0.
  option_id VARCHAR(36),  -- The option's id in this version.
  context_id VARCHAR(36),  -- The id the option keeps across versions.
  built_in_type VARCHAR(20),  -- Selected or Unselected in a multiple-select question, verbatim.
  text TEXT,  -- The option as the customer reads it.
  value INTEGER,  -- Points the option is worth.
  assistance_conditions TEXT,  -- Conditions of automatic answering, JSON.
  PRIMARY KEY (form_key, group_no, question_no, option_no)
) WITHOUT ROWID;

-- Interactions of any medium, as the analytics details deliver them.
CREATE TABLE conversations (
  conversation_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  conversation_id VARCHAR(36) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  started_ms BIGINT,  -- When the conversation began, epoch milliseconds.
  started_at TIMESTAMP AS (datetime(started_ms / 1000, 'unixepoch')),  -- When the conversation began, UTC.
  ended_ms BIGINT,  -- When it ended, wrap-up included; NULL while it runs, epoch milliseconds.
  ended_at TIMESTAMP AS (datetime(ended_ms / 1000, 'unixepoch')),  -- When it ended, wrap-up included; NULL while it runs, UTC.
  conference_started_ms BIGINT,  -- When it became a conference, epoch milliseconds.
  conference_started_at TIMESTAMP AS (datetime(conference_started_ms / 1000, 'unixepoch')),  -- When it became a conference, UTC.
  inactivity_timeout_ms BIGINT,  -- When it ends by itself for lack of activity, epoch milliseconds.
  inactivity_timeout_at TIMESTAMP AS (datetime(inactivity_timeout_ms / 1000, 'unixepoch')),  -- When it ends by itself for lack of activity, UTC.
  originating_direction VARCHAR(20),  -- inbound or outbound: who began it.
  conversation_initiator VARCHAR(20),  -- Purpose of the participant who began it.
  has_customer_participation BOOLEAN,  -- Whether a customer took part.
  external_tag VARCHAR(255),  -- A key the organisation itself gave the conversation.
  associated_conversation_id VARCHAR(36),  -- A conversation this one belongs to.
  consultation_conversation_ids TEXT,  -- Ids of consultations held during it, JSON.
  knowledge_base_ids TEXT,  -- Ids of knowledge bases used, JSON.
  access_attributes TEXT,  -- Attributes that govern who may see it, JSON.
  min_mos REAL,  -- Lowest mean opinion score of its voice streams, 1 bad to 5 good.
  min_r_factor REAL,  -- Lowest transmission rating of its voice streams, 0 to 100.
  is_social_media_public BOOLEAN,  -- Whether it began in public on a social network.
  is_self_served BOOLEAN,  -- Whether it ended in self-service.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- Divisions a conversation belongs to, in the order delivered.
CREATE TABLE conversation_divisions (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  division_no INTEGER NOT NULL,  -- Numbered from 0 as delivered; 0 is the division of the interaction.
  division_key INTEGER REFERENCES divisions (division_key),  -- The division.
  PRIMARY KEY (conversation_key, division_no)
) WITHOUT ROWID;

-- Parties of a conversation: customers, agents, queues (acd), menus (ivr).
CREATE TABLE participants (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  participant_no INTEGER NOT NULL,  -- Participant, numbered from 0 as delivered.
  participant_id VARCHAR(36),  -- The participant's id.
  name VARCHAR(255),  -- Name shown for the participant.
  purpose VARCHAR(20),  -- Role: customer, agent, acd, ivr and others, verbatim.
  user_key INTEGER REFERENCES users (user_key),  -- The employee, of agents and users.
  team_key INTEGER REFERENCES teams (team_key),  -- The employee's team at the time.
  external_contact_id VARCHAR(36),  -- The customer's record in external contacts.
  external_organization_id VARCHAR(36),  -- The customer's organisation in external contacts.
  flagged_reason VARCHAR(20),  -- Why the participant was flagged, verbatim.
  has_screen_recording BOOLEAN,  -- Whether the screen was recorded.
  PRIMARY KEY (conversation_key, participant_no)
) WITHOUT ROWID;

-- Attributes that flows and scripts set on a participant; only keys on the allow-list are kept.
CREATE TABLE participant_attributes (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  participant_no INTEGER NOT NULL,  -- Participant, numbered from 0 as delivered.
  attribute_no INTEGER NOT NULL,  -- Numbered from 0 as delivered, before the allow-list.
  name VARCHAR(255),  -- The attribute's key.
  value TEXT,  -- Its value; the service cuts it at 1024 characters.
  PRIMARY KEY (conversation_key, participant_no, attribute_no)
) WITHOUT ROWID;

-- A participant's connections, one per medium or attempt.
CREATE TABLE sessions (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  participant_no INTEGER NOT NULL,  -- Participant, numbered from 0 as delivered.
  session_no INTEGER NOT NULL,  -- Session of the participant, numbered from 0 as delivered.
  session_id VARCHAR(36),  -- The session's id.
  peer_id VARCHAR(36),  -- The session it is connected to.
  media_type VARCHAR(20),  -- voice, chat, email, message, callback and others, verbatim.
  message_type VARCHAR(20),  -- Kind of messaging, verbatim.
  direction VARCHAR(20),  -- inbound or outbound.
  provider VARCHAR(64),  -- Source of the session, for example Edge.
  edge_id VARCHAR(36),  -- The media server.
  protocol_call_id VARCHAR(255),  -- The call's id in the telephone network's protocol.
  media_bridge_id VARCHAR(36),  -- The media bridge.
  room_id VARCHAR(255),  -- The room of a chat.
  script_id VARCHAR(36),  -- The script shown to the agent.
  ani VARCHAR(255),  -- Caller's address.
  dnis VARCHAR(255),  -- Address that was called.
  session_dnis VARCHAR(255),  -- Address called in this session, after rerouting.
  remote VARCHAR(255),  -- The far end, as shown.
  remote_name VARCHAR(255),  -- Name of the far end, as shown.
  address_from VARCHAR(255),  -- Sender of an e-mail or message.
  address_to VARCHAR(255),  -- Receiver of an e-mail or message.
  address_self VARCHAR(255),  -- The participant's own address.
  address_other VARCHAR(255),  -- The other party's address.
  destination_addresses TEXT,  -- Further receivers, JSON.
  cc TEXT,  -- Copy receivers, JSON.
  bcc TEXT,  -- Blind copy receivers, JSON.
  video_address_self VARCHAR(255),  -- The participant's video address.
  screen_share_address_self VARCHAR(255),  -- The participant's screen share address.
  used_routing VARCHAR(20),  -- The routing method that found the agent, verbatim.
  requested_routings TEXT,  -- Routing methods asked for, JSON.
  selected_agent_key INTEGER REFERENCES users (user_key),  -- The agent a customer or flow asked for.
  selected_agent_rank INTEGER,  -- Rank of the agent chosen by predictive routing.
  agent_bullseye_ring INTEGER,  -- The bullseye ring the agent belongs to.
  routing_ring INTEGER,  -- The ring the contact had reached.
  routing_rule VARCHAR(64),  -- The rule of preferred agent routing used.
  routing_rule_type VARCHAR(20),  -- Kind of that rule, verbatim.
  active_skill_ids TEXT,  -- Ids of skills required, JSON.
  removed_skill_ids TEXT,  -- Ids of skills dropped while waiting, JSON.
  skill_expression_id VARCHAR(36),  -- The skill expression required.
  is_agent_owned BOOLEAN,  -- Whether a callback belongs to one agent.
  assigner_key INTEGER REFERENCES users (user_key),  -- Who assigned the contact by hand.
  eligible_agent_counts TEXT,  -- Agents eligible at each step, JSON.
  waiting_interaction_counts TEXT,  -- Contacts waiting at each step, JSON.
  agent_groups TEXT,  -- Groups of agents tried by conditional routing, JSON.
  proposed_agents TEXT,  -- Agents proposed by predictive routing with ranks, JSON.
  callback_numbers TEXT,  -- Numbers to call back, JSON.
  callback_scheduled_ms BIGINT,  -- When the callback is due, epoch milliseconds.
  callback_scheduled_at TIMESTAMP AS (datetime(callback_scheduled_ms / 1000, 'unixepoch')),  -- When the callback is due, UTC.
  callback_user_name VARCHAR(255),  -- Name of the person to call back.
  is_skip_enabled BOOLEAN,  -- Whether the agent may skip the callback.
  timeout_s INTEGER,  -- Seconds until the callback is placed by itself.
  outbound_campaign_id VARCHAR(36),  -- The campaign.
  outbound_contact_id VARCHAR(64),  -- The contact on the campaign's list.
  outbound_contact_list_id VARCHAR(36),  -- The campaign's contact list.
  disposition_analyzer VARCHAR(64),  -- What judged who or what answered.
  disposition_name VARCHAR(64),  -- What it found.
  detected_speech_started_ms BIGINT,  -- When speech was first detected, epoch milliseconds.
  detected_speech_started_at TIMESTAMP AS (datetime(detected_speech_started_ms / 1000, 'unixepoch')),  -- When speech was first detected, UTC.
  detected_speech_ended_ms BIGINT,  -- When detected speech ended, epoch milliseconds.
  detected_speech_ended_at TIMESTAMP AS (datetime(detected_speech_ended_ms / 1000, 'unixepoch')),  -- When detected speech ended, UTC.
  delivery_status VARCHAR(20),  -- Delivery of a message, verbatim.
  delivery_status_changed_ms BIGINT,  -- When that delivery status was reached, epoch milliseconds.
  delivery_status_changed_at TIMESTAMP AS (datetime(delivery_status_changed_ms / 1000, 'unixepoch')),  -- When that delivery status was reached, UTC.
  extended_delivery_status VARCHAR(255),  -- Delivery status in the carrier's words.
  is_delivery_pushed BOOLEAN,  -- Whether the message was pushed to the customer's device.
  engagement_source VARCHAR(40),  -- What began a messaging contact.
  media_count INTEGER,  -- Pictures and files exchanged.
  is_authenticated BOOLEAN,  -- Whether the customer was authenticated.
  is_cleared BOOLEAN,  -- Whether the customer cleared the messages.
  coached_participant_id VARCHAR(36),  -- The participant a supervisor coached.
  monitored_participant_id VARCHAR(36),  -- The participant a supervisor listened to.
  barged_participant_id VARCHAR(36),  -- The participant a supervisor broke in on.
  screen_monitored_user_key INTEGER REFERENCES users (user_key),  -- The employee whose screen was watched.
  journey_action_id VARCHAR(36),  -- The web journey action that led here.
  journey_action_map_id VARCHAR(36),  -- The action's map.
  journey_action_map_version INTEGER,  -- The map's version.
  journey_customer_id VARCHAR(255),  -- The customer's key in the web journey: a cookie, address or account.
  journey_customer_id_type VARCHAR(40),  -- What kind of key that is.
  journey_customer_session_id VARCHAR(64),  -- The web session.
  journey_customer_session_id_type VARCHAR(40),  -- What kind of session that is.
  flow_in_type VARCHAR(20),  -- Kind of flow the session came from.
  flow_out_type VARCHAR(20),  -- Kind of flow the session left into.
  flow_id VARCHAR(36),  -- The flow this session ran.
  flow_name VARCHAR(255),  -- The flow's name at the time.
  flow_type VARCHAR(40),  -- Kind of flow, verbatim.
  flow_version VARCHAR(20),  -- The flow's version, for example 72.0.
  flow_entry_type VARCHAR(20),  -- How the flow was entered, verbatim.
  flow_entry_reason VARCHAR(255),  -- What led into it: a dialled number, a flow or an address.
  flow_exit_reason VARCHAR(40),  -- How it was left, verbatim.
  flow_starting_language VARCHAR(35),  -- Language at the beginning.
  flow_ending_language VARCHAR(35),  -- Language at the end.
  has_flow_issued_callback BOOLEAN,  -- Whether the flow created a callback.
  flow_recognition_failure_reason VARCHAR(255),  -- Why the flow did not understand the caller.
  flow_transfer_target_address VARCHAR(255),  -- Address it transferred to.
  flow_transfer_target_name VARCHAR(255),  -- Name of what it transferred to.
  flow_transfer_type VARCHAR(40),  -- Kind of transfer, verbatim.
  has_recording BOOLEAN,  -- Whether it was recorded.
  has_snippet_recording BOOLEAN,  -- Whether parts were recorded by hand.
  is_sharing_screen BOOLEAN,  -- Whether a screen was shared.
  is_acw_skipped BOOLEAN,  -- Whether after-call work was skipped.
  agent_assistant_id VARCHAR(36),  -- The assistant that helped the agent.
  cobrowse_role VARCHAR(20),  -- Role in co-browsing.
  cobrowse_room_id VARCHAR(64),  -- The co-browsing room.
  video_room_id VARCHAR(64),  -- The video room.
  screen_share_room_id VARCHAR(64),  -- The screen share room.
  error_code_description VARCHAR(255),  -- The session's error in words.
  PRIMARY KEY (conversation_key, participant_no, session_no)
) WITHOUT ROWID;

-- Phases of a session: alert, interact, hold, wrapup and others.
CREATE TABLE segments (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  participant_no INTEGER NOT NULL,  -- Participant, numbered from 0 as delivered.
  session_no INTEGER NOT NULL,  -- Session of the participant, numbered from 0 as delivered.
  segment_no INTEGER NOT NULL,  -- Segment of the session, numbered from 0 as delivered.
  started_ms BIGINT,  -- When the segment began, epoch milliseconds.
  started_at TIMESTAMP AS (datetime(started_ms / 1000, 'unixepoch')),  -- When the segment began, UTC.
  ended_ms BIGINT,  -- When it ended; NULL while it runs, epoch milliseconds.
  ended_at TIMESTAMP AS (datetime(ended_ms / 1000, 'unixepoch')),  -- When it ended; NULL while it runs, UTC.
  segment_type VARCHAR(20),  -- Kind of phase, verbatim.
  queue_key INTEGER REFERENCES queues (queue_key),  -- The queue the contact was in; customers' segments carry it too.
  wrapup_code_key INTEGER REFERENCES wrapup_codes (wrapup_code_key),  -- What the agent filed the contact under.
  wrapup_note TEXT,  -- The agent's note.
  wrapup_tags TEXT,  -- Tags the agent set, JSON.
  disconnect_type VARCHAR(24),  -- How the segment ended, verbatim.
  error_code VARCHAR(255),  -- Error that ended it.
  is_conference BOOLEAN,  -- Whether it was part of a conference.
  is_audio_muted BOOLEAN,  -- Whether the microphone was off.
  is_video_muted BOOLEAN,  -- Whether the camera was off.
  group_id VARCHAR(36),  -- The group that was rung.
  subject TEXT,  -- Subject of an e-mail.
  requested_language_key INTEGER REFERENCES languages (language_key),  -- Language required of the agent.
  requested_skill_ids TEXT,  -- Ids of skills required, JSON.
  requested_user_ids TEXT,  -- Ids of agents asked for, JSON.
  q850_response_codes TEXT,  -- Telephone network cause codes (ITU-T Q.850), JSON.
  sip_response_codes TEXT,  -- SIP response codes, JSON.
  source_conversation_id VARCHAR(36),  -- The conversation it came from.
  source_session_id VARCHAR(36),  -- The session it came from.
  destination_conversation_id VARCHAR(36),  -- The conversation it went to.
  destination_session_id VARCHAR(36),  -- The session it went to.
  scored_agents TEXT,  -- Agents with scores of predictive routing, JSON.
  properties TEXT,  -- Further properties set on it, JSON.
  PRIMARY KEY (conversation_key, participant_no, session_no, segment_no)
) WITHOUT ROWID;

-- Measurements of a session as emitted; a name may repeat.
CREATE TABLE session_metrics (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  participant_no INTEGER NOT NULL,  -- Participant, numbered from 0 as delivered.
  session_no INTEGER NOT NULL,  -- Session of the participant, numbered from 0 as delivered.
  metric_no INTEGER NOT NULL,  -- Metric of the session, numbered from 0 as delivered.
  name VARCHAR(40),  -- Metric: t... is milliseconds, n... a count, o... an observation.
  value BIGINT,  -- Its value, beyond 32 bits at times.
  emitted_ms BIGINT,  -- When it was emitted, epoch milliseconds.
  emitted_at TIMESTAMP AS (datetime(emitted_ms / 1000, 'unixepoch')),  -- When it was emitted, UTC.
  PRIMARY KEY (conversation_key, participant_no, session_no, metric_no)
) WITHOUT ROWID;

-- Outcomes a flow reported for a session.
CREATE TABLE flow_outcomes (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  participant_no INTEGER NOT NULL,  -- Participant, numbered from 0 as delivered.
  session_no INTEGER NOT NULL,  -- Session of the participant, numbered from 0 as delivered.
  outcome_no INTEGER NOT NULL,  -- Outcome, numbered from 0 as delivered.
  flow_outcome_id VARCHAR(36),  -- The outcome's id.
  flow_outcome VARCHAR(255),  -- The outcome's name.
  flow_outcome_value VARCHAR(20),  -- SUCCESS or FAILURE, verbatim.
  started_ms BIGINT,  -- When the outcome began, epoch milliseconds.
  started_at TIMESTAMP AS (datetime(started_ms / 1000, 'unixepoch')),  -- When the outcome began, UTC.
  ended_ms BIGINT,  -- When it was reached, epoch milliseconds.
  ended_at TIMESTAMP AS (datetime(ended_ms / 1000, 'unixepoch')),  -- When it was reached, UTC.
  PRIMARY KEY (conversation_key, participant_no, session_no, outcome_no)
) WITHOUT ROWID;

-- Quality of a session's media streams.
CREATE TABLE media_stats (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  participant_no INTEGER NOT NULL,  -- Participant, numbered from 0 as delivered.
  session_no INTEGER NOT NULL,  -- Session of the participant, numbered from 0 as delivered.
  stat_no INTEGER NOT NULL,  -- Measurement, numbered from 0 as delivered.
  event_ms BIGINT,  -- When it was measured, epoch milliseconds.
  event_at TIMESTAMP AS (datetime(event_ms / 1000, 'unixepoch')),  -- When it was measured, UTC.
  codecs TEXT,  -- Codecs used, JSON.
  min_mos REAL,  -- Lowest mean opinion score, 1 bad to 5 good.
  min_r_factor REAL,  -- Lowest transmission rating, 0 to 100.
  max_latency_ms BIGINT,  -- Highest latency, milliseconds.
  max_latency_s REAL AS (max_latency_ms / 1000.0),  -- Highest latency, seconds.
  received_packets BIGINT,  -- Packets received.
  discarded_packets BIGINT,  -- Packets that came too late.
  duplicate_packets BIGINT,  -- Packets received twice.
  invalid_packets BIGINT,  -- Packets that were damaged.
  overrun_packets BIGINT,  -- Packets lost to a full buffer.
  underrun_packets BIGINT,  -- Packets missing from an empty buffer.
  PRIMARY KEY (conversation_key, participant_no, session_no, stat_no)
) WITHOUT ROWID;

-- Surveys as the conversation's record tells of them; the surveys themselves stand in surveys.
CREATE TABLE conversation_surveys (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  survey_no INTEGER NOT NULL,  -- Numbered from 0 as delivered.
  survey_key INTEGER REFERENCES surveys (survey_key),  -- The survey.
  status VARCHAR(20),  -- Status as the record spells it.
  survey_type VARCHAR(20),  -- Web or Voice.
  form_key INTEGER REFERENCES survey_forms (form_key),  -- The form version asked.
  form_context_id VARCHAR(36),  -- The form's context, the same across versions.
  form_name VARCHAR(255),  -- The form's name.
  nps_score INTEGER,  -- Answer to the recommendation question, 0 to 10.
  total_score BIGINT,  -- Genesys score, rounded; its scale is undocumented.
  is_partial BOOLEAN,  -- Whether required questions were left out.
  completed_ms BIGINT,  -- When the customer finished it, epoch milliseconds.
  completed_at TIMESTAMP AS (datetime(completed_ms / 1000, 'unixepoch')),  -- When the customer finished it, UTC.
  event_ms BIGINT,  -- When the record last heard of the survey, epoch milliseconds.
  event_at TIMESTAMP AS (datetime(event_ms / 1000, 'unixepoch')),  -- When the record last heard of the survey, UTC.
  queue_key INTEGER REFERENCES queues (queue_key),  -- The queue the survey is about.
  user_key INTEGER REFERENCES users (user_key),  -- The agent the survey is about.
  PRIMARY KEY (conversation_key, survey_no)
) WITHOUT ROWID;

-- Quality evaluations as of the last read of their conversation.
CREATE TABLE evaluations (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  evaluation_no INTEGER NOT NULL,  -- Numbered from 0 as delivered.
  evaluation_id VARCHAR(36),  -- The evaluation's id.
  status VARCHAR(20),  -- Finished, InProgress, InReview, Pending or Retracted, verbatim.
  form_id VARCHAR(36),  -- The evaluation form.
  context_id VARCHAR(36),  -- The form's context, the same across versions.
  form_name VARCHAR(255),  -- The form's name.
  evaluator_key INTEGER REFERENCES users (user_key),  -- Who judged.
  user_key INTEGER REFERENCES users (user_key),  -- Who was judged.
  assignee_key INTEGER REFERENCES users (user_key),  -- Who is asked to judge.
  is_assignee_applicable BOOLEAN,  -- Whether it is assigned to someone.
  queue_key INTEGER REFERENCES queues (queue_key),  -- The queue judged.
  calibration_id VARCHAR(36),  -- The calibration it belongs to.
  event_ms BIGINT,  -- When the record last heard of it, epoch milliseconds.
  event_at TIMESTAMP AS (datetime(event_ms / 1000, 'unixepoch')),  -- When the record last heard of it, UTC.
  total_score BIGINT,  -- Total score.
  total_critical_score BIGINT,  -- Score of the critical questions.
  is_released BOOLEAN,  -- Whether the agent may see it.
  is_rescored BOOLEAN,  -- Whether it was scored again.
  is_deleted BOOLEAN,  -- Whether it was deleted.
  is_system_submitted BOOLEAN,  -- Whether a machine submitted it.
  PRIMARY KEY (conversation_key, evaluation_no)
) WITHOUT ROWID;

-- Whether a contact spared the customer a next one.
CREATE TABLE resolutions (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  resolution_no INTEGER NOT NULL,  -- Numbered from 0 as delivered.
  event_ms BIGINT,  -- When it was judged, epoch milliseconds.
  event_at TIMESTAMP AS (datetime(event_ms / 1000, 'unixepoch')),  -- When it was judged, UTC.
  queue_key INTEGER REFERENCES queues (queue_key),  -- The queue it counts for.
  user_key INTEGER REFERENCES users (user_key),  -- The agent it counts for.
  next_contacts_avoided BIGINT,  -- Next contacts avoided.
  PRIMARY KEY (conversation_key, resolution_no)
) WITHOUT ROWID;

-- Surveys as the quality API delivers them; a row heard of from a conversation alone has no payload yet.
CREATE TABLE surveys (
  survey_key INTEGER PRIMARY KEY,  -- Surrogate key: what other tables join on.
  survey_id VARCHAR(36) NOT NULL UNIQUE,  -- Genesys Cloud id, verbatim.
  conversation_key INTEGER REFERENCES conversations (conversation_key),  -- The conversation it is about.
  name VARCHAR(255),  -- The survey's name.
  form_key INTEGER REFERENCES survey_forms (form_key),  -- The form version asked.
  form_context_id VARCHAR(36),  -- The form's context, the same across versions.
  form_name VARCHAR(255),  -- The form's name in that version.
  agent_key INTEGER REFERENCES users (user_key),  -- The agent the survey is about.
  team_key INTEGER REFERENCES teams (team_key),  -- That agent's team at the time.
  queue_key INTEGER REFERENCES queues (queue_key),  -- The queue the survey is about.
  status VARCHAR(20),  -- Pending, Sent, InProgress, Finished, OptOut, Error or Expired, verbatim.
  survey_type VARCHAR(20),  -- Web or Voice.
  completed_ms BIGINT,  -- When the customer finished it, epoch milliseconds.
  completed_at TIMESTAMP AS (datetime(completed_ms / 1000, 'unixepoch')),  -- When the customer finished it, UTC.
  total_score REAL,  -- Genesys score; its scale is undocumented.
  nps_score INTEGER,  -- Answer to the recommendation question, 0 to 10.
  is_partial BOOLEAN,  -- Whether required questions were left out; NULL until finished.
  error_reason VARCHAR(255),  -- Why the survey could not be sent.
  error_last_action_id BIGINT,  -- The flow's action that failed.
  flow_id VARCHAR(36),  -- The voice flow that asked.
  is_inferred BOOLEAN NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),  -- Whether only its id is known, from a row that names it.
  gone_ms BIGINT,  -- When it was found to be gone at the source, epoch milliseconds; NULL while it is there.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it was found to be gone at the source, UTC.
  payload_hash BLOB,  -- Fingerprint of the payload stored, with the instant it is true to (and that of participant attributes delivered with it); NULL if none was delivered.
  version BIGINT NOT NULL DEFAULT 0  -- Change counter of the row and all it owns.
);

-- Scores of a survey's question groups, in the order delivered.
CREATE TABLE survey_group_scores (
  survey_key INTEGER NOT NULL REFERENCES surveys (survey_key),  -- The survey it belongs to.
  group_no INTEGER NOT NULL,  -- Group, numbered from 0 in the order of the form or the answers.
  group_id VARCHAR(36),  -- The question group.
  total_score REAL,  -- Points reached.
  max_total_score REAL,  -- Points possible.
  is_marked_na BOOLEAN,  -- Whether it was marked not applicable.
  is_system_marked_na BOOLEAN,  -- Whether the service marked it so.
  PRIMARY KEY (survey_key, group_no)
) WITHOUT ROWID;

-- Answers to a survey's questions, in the order delivered.
CREATE TABLE survey_answers (
  survey_key INTEGER NOT NULL REFERENCES surveys (survey_key),  -- The survey it belongs to.
  group_no INTEGER NOT NULL,  -- Group, numbered from 0 in the order of the form or the answers.
  question_no INTEGER NOT NULL,  -- Question of the group, numbered from 0.
  question_id VARCHAR(36),  -- The question.
  answer_id VARCHAR(36),  -- The option chosen.
  score INTEGER,  -- Points of the answer, unweighted.
  is_marked_na BOOLEAN,  -- Whether it was marked not applicable.
  is_system_marked_na BOOLEAN,  -- Whether the service marked it so.
  assisted_answer_id VARCHAR(36),  -- The option an automatic answer chose.
  nps_score INTEGER,  -- Answer to the recommendation question, 0 to 10.
  nps_text_answer TEXT,  -- The customer's reason for that score.
  free_text_answer TEXT,  -- The customer's own words.
  group_name VARCHAR(255),  -- Heading of the question's group, from the form.
  question_context_id VARCHAR(36),  -- The id the question keeps across versions, from the form.
  question_text TEXT,  -- The question as asked, from the form.
  question_type VARCHAR(40),  -- Kind of question, from the form.
  answer_text TEXT,  -- The option chosen as the customer read it, from the form.
  max_score INTEGER,  -- Highest value among the question's options, 10 for NPS, else NULL.
  free_text TEXT AS (coalesce(free_text_answer, nps_text_answer)),  -- The customer's own words: the free text, else the reason of the score.
  PRIMARY KEY (survey_key, group_no, question_no)
) WITHOUT ROWID;

-- The interaction as reports read it: one row per conversation delivered, derived from it and from its surveys.
CREATE TABLE interactions (
  conversation_key INTEGER PRIMARY KEY REFERENCES conversations (conversation_key),  -- The conversation.
  started_ms BIGINT,  -- Start of the conversation, epoch milliseconds.
  started_at TIMESTAMP AS (datetime(started_ms / 1000, 'unixepoch')),  -- Start of the conversation, UTC.
  ended_ms BIGINT,  -- End of the conversation, wrap-up included, epoch milliseconds; NULL while it runs.
  ended_at TIMESTAMP AS (datetime(ended_ms / 1000, 'unixepoch')),  -- End of the conversation, wrap-up included, UTC; NULL while it runs.
  is_open BOOLEAN AS (ended_ms IS NULL),  -- Whether it has not ended.
  duration_ms BIGINT AS (ended_ms - started_ms),  -- End minus start, milliseconds; NULL while it runs.
  duration_s REAL AS ((ended_ms - started_ms) / 1000.0),  -- End minus start, seconds; NULL while it runs.
  utc_day INTEGER AS (started_ms / 86400000),  -- UTC day of the start, days since 1970-01-01: the day the service selects by.
  utc_offset_s INTEGER,  -- Offset of the warehouse's zone from UTC at the start, seconds.
  local_started_at TIMESTAMP AS (datetime(started_ms / 1000 + utc_offset_s, 'unixepoch')),  -- Start in the warehouse's zone.
  local_date DATE,  -- Date of the start in the warehouse's zone.
  local_hour INTEGER AS ((started_ms / 1000 + utc_offset_s) / 3600 % 24),  -- Hour of the start in the warehouse's zone, 0 to 23.
  local_weekday INTEGER AS (((started_ms / 1000 + utc_offset_s) / 86400 + 3) % 7 + 1),  -- Weekday of the start in the warehouse's zone, 1 Monday to 7 Sunday.
  last_agent_end_ms BIGINT,  -- Latest end of an agent's interact segment, epoch milliseconds.
  last_agent_end_at TIMESTAMP AS (datetime(last_agent_end_ms / 1000, 'unixepoch')),  -- Latest end of an agent's interact segment, UTC.
  channel VARCHAR(20),  -- Medium of the customer's earliest session, else of the earliest session.
  direction VARCHAR(20),  -- inbound or outbound: who began it.
  agent_key INTEGER REFERENCES users (user_key),  -- The agent with the latest-starting interact segment; NULL where none interacted.
  team_key INTEGER REFERENCES teams (team_key),  -- That agent's team at the time.
  queue_key INTEGER REFERENCES queues (queue_key),  -- Queue of the agent's latest segment that has one, else of the latest queue visit.
  wrapup_code_key INTEGER REFERENCES wrapup_codes (wrapup_code_key),  -- Wrap-up code of the agent's latest segment that has one, else of any agent's.
  division_key INTEGER REFERENCES divisions (division_key),  -- The first division delivered.
  handle_ms BIGINT,  -- Sum of tHandle over agents' sessions, milliseconds; NULL if none has it.
  handle_s REAL AS (handle_ms / 1000.0),  -- Sum of tHandle over agents' sessions, seconds.
  talk_ms BIGINT,  -- Talk time of agents' sessions, milliseconds.
  talk_s REAL AS (talk_ms / 1000.0),  -- Talk time of agents' sessions, seconds.
  hold_ms BIGINT,  -- Hold time of agents' sessions, milliseconds.
  hold_s REAL AS (hold_ms / 1000.0),  -- Hold time of agents' sessions, seconds.
  acw_ms BIGINT,  -- After-call work of agents' sessions, milliseconds.
  acw_s REAL AS (acw_ms / 1000.0),  -- After-call work of agents' sessions, seconds.
  wait_ms BIGINT,  -- Sum of tAcd over queue visits but callbacks, milliseconds; NULL if none.
  wait_s REAL AS (wait_ms / 1000.0),  -- Sum of tAcd over queue visits but callbacks, seconds.
  answer_ms BIGINT,  -- The earliest tAnswered, milliseconds; NULL if none.
  answer_s REAL AS (answer_ms / 1000.0),  -- The earliest tAnswered, seconds.
  transfers INTEGER,  -- Sum of nTransferred over all sessions, consult transfers included.
  agent_count INTEGER,  -- Distinct agents with an interact segment.
  is_abandoned BOOLEAN,  -- Whether some session has tAbandon and none has tAnswered.
  has_survey BOOLEAN NOT NULL DEFAULT 0,  -- Whether a survey of it is not in Error.
  has_response BOOLEAN NOT NULL DEFAULT 0,  -- Whether a survey of it is Finished.
  survey_count INTEGER NOT NULL DEFAULT 0  -- Surveys of it.
);
CREATE INDEX interactions_started_at ON interactions (started_at);
CREATE INDEX interactions_started_ms ON interactions (started_ms);
CREATE INDEX interactions_local_date ON interactions (local_date);
CREATE INDEX interactions_open ON interactions (started_ms) WHERE ended_ms IS NULL;
CREATE INDEX interactions_surveyed ON interactions (survey_count) WHERE survey_count > 0;

-- One row per session of an agent or user participant.
CREATE TABLE agent_legs (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  participant_no INTEGER NOT NULL,  -- Participant, numbered from 0 as delivered.
  session_no INTEGER NOT NULL,  -- Session of the participant, numbered from 0 as delivered.
  agent_key INTEGER REFERENCES users (user_key),  -- The employee.
  team_key INTEGER REFERENCES teams (team_key),  -- The employee's team at the time.
  queue_key INTEGER REFERENCES queues (queue_key),  -- Queue of the session's latest-starting segment that has one.
  channel VARCHAR(20),  -- Medium of the session.
  direction VARCHAR(20),  -- Direction of the session.
  started_ms BIGINT,  -- Earliest segment's start, epoch milliseconds.
  started_at TIMESTAMP AS (datetime(started_ms / 1000, 'unixepoch')),  -- Earliest segment's start, UTC.
  local_date DATE,  -- Date of that start in the warehouse's zone.
  handle_ms BIGINT,  -- Sum of tHandle, milliseconds; NULL if the session has none.
  handle_s REAL AS (handle_ms / 1000.0),  -- Sum of tHandle, seconds.
  talk_ms BIGINT,  -- Sum of tTalkComplete, else of tTalk, milliseconds; NULL without tHandle.
  talk_s REAL AS (talk_ms / 1000.0),  -- Talk time, seconds.
  hold_ms BIGINT,  -- Sum of tHeldComplete, else of tHeld, milliseconds; NULL without tHandle.
  hold_s REAL AS (hold_ms / 1000.0),  -- Hold time, seconds.
  acw_ms BIGINT,  -- Sum of tAcw, milliseconds; NULL without tHandle.
  acw_s REAL AS (acw_ms / 1000.0),  -- After-call work, seconds.
  alert_ms BIGINT,  -- Sum of tAlert, milliseconds; NULL if none.
  alert_s REAL AS (alert_ms / 1000.0),  -- Ringing time, seconds.
  answer_ms BIGINT,  -- The earliest tAnswered, milliseconds; NULL if none.
  answer_s REAL AS (answer_ms / 1000.0),  -- The earliest tAnswered, seconds.
  is_handled BOOLEAN AS (handle_ms IS NOT NULL),  -- Whether the session has tHandle.
  transfers INTEGER,  -- Sum of nTransferred.
  consults INTEGER,  -- Sum of nConsult.
  is_last_agent BOOLEAN,  -- Whether it holds the interact segment that makes its agent the interaction's: one leg at most.
  wrapup_code_key INTEGER REFERENCES wrapup_codes (wrapup_code_key),  -- Wrap-up code of the session's latest-starting segment that has one.
  PRIMARY KEY (conversation_key, participant_no, session_no)
) WITHOUT ROWID;
CREATE INDEX agent_legs_local_date ON agent_legs (local_date);

-- One row per acd session: a stay in a queue.
CREATE TABLE queue_visits (
  conversation_key INTEGER NOT NULL REFERENCES conversations (conversation_key),  -- The conversation it belongs to.
  participant_no INTEGER NOT NULL,  -- Participant, numbered from 0 as delivered.
  session_no INTEGER NOT NULL,  -- Session of the participant, numbered from 0 as delivered.
  queue_key INTEGER REFERENCES queues (queue_key),  -- Queue of the session's latest-starting segment that has one.
  channel VARCHAR(20),  -- Medium of the session.
  entered_ms BIGINT,  -- Earliest segment's start, epoch milliseconds.
  entered_at TIMESTAMP AS (datetime(entered_ms / 1000, 'unixepoch')),  -- Earliest segment's start, UTC.
  local_date DATE,  -- Date of that start in the warehouse's zone.
  wait_ms BIGINT,  -- Sum of tAcd, milliseconds; NULL if none.
  wait_s REAL AS (wait_ms / 1000.0),  -- Sum of tAcd, seconds.
  outcome VARCHAR(20),  -- answered, abandoned, short_abandoned, flow_out, transferred, open or other.
  over_sla BOOLEAN,  -- Whether nOverSla says that it was answered too late; NULL if nOverSla is not delivered.
  PRIMARY KEY (conversation_key, participant_no, session_no)
) WITHOUT ROWID;
CREATE INDEX queue_visits_local_date ON queue_visits (local_date);

-- The survey as reports read it: one row per survey, merged from the quality API and the conversation's record.
CREATE TABLE survey_facts (
  survey_key INTEGER PRIMARY KEY REFERENCES surveys (survey_key),  -- The survey.
  conversation_key INTEGER REFERENCES conversations (conversation_key),  -- The conversation it is about.
  form_key INTEGER REFERENCES survey_forms (form_key),  -- The form version asked.
  form_context_id VARCHAR(36),  -- The form's context, the same across versions.
  form_name VARCHAR(255),  -- The form's name in that version.
  status VARCHAR(20),  -- Pending, Sent, InProgress, Finished, OptOut, Error or Expired; unknown values verbatim. The later of the two sources'.
  survey_type VARCHAR(20),  -- Web or Voice.
  is_sent BOOLEAN AS (coalesce(status IN ('Sent', 'InProgress', 'Finished', 'Expired'), 0)),  -- Whether it reached the customer.
  is_response BOOLEAN AS (coalesce(status = 'Finished', 0)),  -- Whether the customer finished it.
  is_partial BOOLEAN,  -- Whether required questions were left out.
  is_gone BOOLEAN NOT NULL DEFAULT 0,  -- Whether the service no longer has it.
  total_score REAL,  -- Genesys score; its scale is undocumented.
  score_points REAL,  -- Points reached in the question groups not marked not applicable.
  score_max REAL,  -- Points possible in them.
  score_pct REAL AS (100.0 * score_points / nullif(score_max, 0)),  -- Points in percent of the possible.
  nps_score INTEGER,  -- Answer to the recommendation question, 0 to 10.
  nps_class VARCHAR(9) AS (CASE WHEN nps_score BETWEEN 9 AND 10 THEN 'promoter' WHEN nps_score BETWEEN 7 AND 8 THEN 'passive' WHEN nps_score BETWEEN 0 AND 6 THEN 'detractor' END),  -- promoter 9 to 10, passive 7 to 8, detractor 0 to 6.
  csat_score REAL,  -- Value of the answer that measures satisfaction; NULL if unmapped.
  csat_is_positive BOOLEAN,  -- Whether that answer is one of the positive ones.
  ces_score REAL,  -- Value of the answer that measures effort; NULL if unmapped.
  fcr_resolved BOOLEAN,  -- Whether the answer on first contact resolution is a positive one; NULL if unmapped.
  completed_ms BIGINT,  -- When the customer finished it, epoch milliseconds.
  completed_at TIMESTAMP AS (datetime(completed_ms / 1000, 'unixepoch')),  -- When the customer finished it, UTC.
  completed_local_date DATE,  -- Date of that in the warehouse's zone.
  response_delay_ms BIGINT,  -- Completed minus the last agent's end, else minus the interaction's end, milliseconds, sign kept.
  response_delay_s REAL AS (response_delay_ms / 1000.0),  -- The same in seconds.
  agent_key INTEGER REFERENCES users (user_key),  -- The agent the survey is about, else the interaction's.
  team_key INTEGER REFERENCES teams (team_key),  -- That agent's team at the time.
  queue_key INTEGER REFERENCES queues (queue_key),  -- The queue the survey is about, else the interaction's.
  comments TEXT,  -- The customer's own words over all questions, one text per line.
  error_reason VARCHAR(255)  -- Why it could not be sent.
);
CREATE INDEX survey_facts_conversation ON survey_facts (conversation_key);
CREATE INDEX survey_facts_completed_at ON survey_facts (completed_at);
CREATE INDEX survey_facts_completed_local_date ON survey_facts (completed_local_date, status, is_gone, response_delay_ms)
  WHERE completed_local_date IS NOT NULL;
CREATE INDEX surveys_conversation ON surveys (conversation_key);
CREATE INDEX conversation_surveys_survey ON conversation_surveys (survey_key);

-- The words of survey_facts.comments, to search by: an FTS5 index of what is stored there and nothing else, kept by the
-- triggers below whoever writes. Words of a deleted comment find nothing at once but stay in the file's pages until the
-- index is merged. Who erases therefore runs, in the same transaction and under PRAGMA secure_delete = ON,
-- INSERT INTO survey_comments (survey_comments) VALUES ('rebuild'), which makes the index anew of what is still stored.
CREATE VIRTUAL TABLE survey_comments USING fts5 (
  comments,  -- The customer's own words over all questions, one text per line; the rowid is the survey_key.
  content = 'survey_facts', content_rowid = 'survey_key',
  tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER survey_comments_added AFTER INSERT ON survey_facts WHEN new.comments IS NOT NULL BEGIN
  INSERT INTO survey_comments (rowid, comments) VALUES (new.survey_key, new.comments);
END;
CREATE TRIGGER survey_comments_changed AFTER UPDATE OF comments ON survey_facts WHEN new.comments IS NOT old.comments BEGIN
  INSERT INTO survey_comments (survey_comments, rowid, comments)
  SELECT 'delete', old.survey_key, old.comments WHERE old.comments IS NOT NULL;
  INSERT INTO survey_comments (rowid, comments) SELECT new.survey_key, new.comments WHERE new.comments IS NOT NULL;
END;
CREATE TRIGGER survey_comments_removed AFTER DELETE ON survey_facts WHEN old.comments IS NOT NULL BEGIN
  INSERT INTO survey_comments (survey_comments, rowid, comments) VALUES ('delete', old.survey_key, old.comments);
END;

-- Which question measures what: the configuration's measures, kept here so that BI tools and reports agree.
CREATE TABLE measures (
  measure_no INTEGER PRIMARY KEY,  -- Position in the configuration; the first that fits an answer counts.
  name VARCHAR(4) NOT NULL CHECK (name IN ('csat', 'ces', 'fcr')),  -- What it measures: csat satisfaction, ces effort, fcr first contact resolution.
  form_context_id VARCHAR(36),  -- Form whose question it is; NULL: any form.
  question_context_id VARCHAR(36),  -- The question, by the id it keeps across versions.
  question_text TEXT,  -- The question by its text, where contexts are absent.
  positive TEXT,  -- JSON array of the options, by text or value, that count as positive.
  scale TEXT  -- What the values mean, in the administrator's words, for example 1-5.
);

-- UTC days: the unit the service selects conversations by.
CREATE TABLE utc_days (
  utc_day INTEGER PRIMARY KEY,  -- Days since 1970-01-01.
  utc_date DATE AS (date(utc_day * 86400, 'unixepoch')),  -- The day's date, UTC.
  is_settled BOOLEAN NOT NULL DEFAULT 0  -- Whether the day was read after its last due time, so that its counts are final.
);

-- A calendar in the warehouse's zone.
CREATE TABLE dates (
  local_date DATE PRIMARY KEY,  -- The date.
  year INTEGER NOT NULL,  -- Year.
  quarter INTEGER NOT NULL,  -- Quarter, 1 to 4.
  month INTEGER NOT NULL,  -- Month, 1 to 12.
  day INTEGER NOT NULL,  -- Day of the month.
  iso_year INTEGER NOT NULL,  -- Year the ISO week belongs to.
  iso_week INTEGER NOT NULL,  -- ISO week, 1 to 53.
  weekday INTEGER NOT NULL,  -- Weekday, 1 Monday to 7 Sunday.
  is_weekend BOOLEAN NOT NULL,  -- Whether it is a Saturday or Sunday.
  week_start DATE NOT NULL,  -- Monday of its ISO week.
  month_start DATE NOT NULL,  -- First day of its month.
  starts_ms BIGINT NOT NULL,  -- First instant of the date, epoch milliseconds.
  starts_at TIMESTAMP AS (datetime(starts_ms / 1000, 'unixepoch')),  -- First instant of the date, UTC.
  hours REAL NOT NULL  -- Length of the date, 23 or 25 hours where the clock changes.
) WITHOUT ROWID;

-- Facts about the warehouse itself: organisation, time zone, privacy profile.
CREATE TABLE sync_meta (
  key TEXT PRIMARY KEY NOT NULL,  -- Name of the fact.
  value TEXT NOT NULL  -- Its value.
) STRICT;

-- Publishing asks for the conversations whose version rose. What is derived is inserted and deleted with its root, whose
-- version the writer raises; these see to the rest: new time zones, measures and surveys, whoever writes them. The version
-- given is the one that the open transaction will have at least; without a commit before it nothing needs raising.
CREATE INDEX conversations_version ON conversations (version);
CREATE TRIGGER interactions_changed AFTER UPDATE ON interactions BEGIN
  UPDATE conversations SET version = (SELECT value + 1 FROM sync_meta WHERE key = 'version')
  WHERE conversation_key = new.conversation_key
    AND version <= (SELECT value + 0 FROM sync_meta WHERE key = 'version');
END;
CREATE TRIGGER agent_legs_changed AFTER UPDATE ON agent_legs BEGIN
  UPDATE conversations SET version = (SELECT value + 1 FROM sync_meta WHERE key = 'version')
  WHERE conversation_key = new.conversation_key
    AND version <= (SELECT value + 0 FROM sync_meta WHERE key = 'version');
END;
CREATE TRIGGER queue_visits_changed AFTER UPDATE ON queue_visits BEGIN
  UPDATE conversations SET version = (SELECT value + 1 FROM sync_meta WHERE key = 'version')
  WHERE conversation_key = new.conversation_key
    AND version <= (SELECT value + 0 FROM sync_meta WHERE key = 'version');
END;
CREATE TRIGGER survey_facts_added AFTER INSERT ON survey_facts BEGIN
  UPDATE conversations SET version = (SELECT value + 1 FROM sync_meta WHERE key = 'version')
  WHERE conversation_key = new.conversation_key
    AND version <= (SELECT value + 0 FROM sync_meta WHERE key = 'version');
END;
CREATE TRIGGER survey_facts_changed AFTER UPDATE ON survey_facts BEGIN
  UPDATE conversations SET version = (SELECT value + 1 FROM sync_meta WHERE key = 'version')
  WHERE conversation_key IN (old.conversation_key, new.conversation_key)
    AND version <= (SELECT value + 0 FROM sync_meta WHERE key = 'version');
END;
CREATE TRIGGER survey_facts_removed AFTER DELETE ON survey_facts BEGIN
  UPDATE conversations SET version = (SELECT value + 1 FROM sync_meta WHERE key = 'version')
  WHERE conversation_key = old.conversation_key
    AND version <= (SELECT value + 0 FROM sync_meta WHERE key = 'version');
END;
CREATE TRIGGER surveys_changed AFTER UPDATE OF version ON surveys BEGIN
  UPDATE conversations SET version = (SELECT value + 1 FROM sync_meta WHERE key = 'version')
  WHERE conversation_key = (SELECT conversation_key FROM survey_facts WHERE survey_key = new.survey_key)
    AND version <= (SELECT value + 0 FROM sync_meta WHERE key = 'version');
END;
CREATE TRIGGER survey_answers_changed AFTER UPDATE ON survey_answers BEGIN
  UPDATE conversations SET version = (SELECT value + 1 FROM sync_meta WHERE key = 'version')
  WHERE conversation_key = (SELECT conversation_key FROM survey_facts WHERE survey_key = new.survey_key)
    AND version <= (SELECT value + 0 FROM sync_meta WHERE key = 'version');
END;
