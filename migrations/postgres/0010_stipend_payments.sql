-- +goose Up
-- Stipends to the end: who is paid, what holds a payment back, and the payments.
-- The table is made anew, because a place may now be 0: a sponsor pays.

ALTER TABLE speakers ADD COLUMN presented BOOLEAN;

ALTER TABLE stipends RENAME TO stipends_before;
CREATE TABLE stipends (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id),
  speaker_id TEXT COLLATE "C" NOT NULL REFERENCES speakers (id),
  payee TEXT COLLATE "C" NOT NULL,
  employer TEXT COLLATE "C" NOT NULL,
  funded_by TEXT COLLATE "C" NOT NULL CONSTRAINT stipends_funded_by CHECK (funded_by IN ('section', 'external')),
  slot INTEGER NOT NULL CONSTRAINT stipends_slot CHECK (slot BETWEEN 0 AND 3),
  amount_cents INTEGER NOT NULL CONSTRAINT stipends_amount CHECK (amount_cents >= 0),
  state TEXT COLLATE "C" NOT NULL CONSTRAINT stipends_state CHECK (state IN ('designated', 'accepted', 'waived', 'approved', 'paid', 'void')),
  spent BOOLEAN NOT NULL,
  designated_by TEXT COLLATE "C" NOT NULL,
  designated_at TIMESTAMPTZ NOT NULL,
  answered_at TIMESTAMPTZ,
  agreement_on TEXT COLLATE "C" NOT NULL,
  agreement_by TEXT COLLATE "C" NOT NULL,
  tax_form_on TEXT COLLATE "C" NOT NULL,
  tax_form_by TEXT COLLATE "C" NOT NULL,
  tax_form TEXT COLLATE "C" NOT NULL CONSTRAINT stipends_tax_form CHECK (tax_form IN ('', 'w9', 'w8ben')),
  hold TEXT COLLATE "C" NOT NULL,
  presented BOOLEAN,
  approved_by TEXT COLLATE "C" NOT NULL,
  approved_at TIMESTAMPTZ,
  void_reason TEXT COLLATE "C" NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT stipends_funding CHECK ((funded_by = 'external') = (slot = 0) AND (funded_by = 'external') = (amount_cents = 0)),
  CONSTRAINT stipends_here CHECK (funded_by = 'section' OR state NOT IN ('approved', 'paid')),
  CONSTRAINT stipends_approved CHECK (state NOT IN ('approved', 'paid')
    OR (approved_at IS NOT NULL AND approved_by <> designated_by AND COALESCE(presented, FALSE) AND agreement_on <> '' AND tax_form_on <> '')),
  CONSTRAINT stipends_spent CHECK (NOT spent OR state = 'void')
);
INSERT INTO stipends (id, version, proposal_id, speaker_id, payee, employer, funded_by, slot, amount_cents, state, spent, designated_by, designated_at,
  answered_at, agreement_on, agreement_by, tax_form_on, tax_form_by, tax_form, hold, presented, approved_by, approved_at, void_reason, updated_at)
SELECT id, version, proposal_id, speaker_id, payee, '', 'section', slot, amount_cents, state, FALSE, designated_by, designated_at,
  answered_at, agreement_on, agreement_by, tax_form_on, tax_form_by, '', '', presented, approved_by, approved_at, void_reason, updated_at FROM stipends_before;
DROP TABLE stipends_before;
CREATE UNIQUE INDEX stipends_live_slot ON stipends (proposal_id, slot) WHERE slot > 0 AND (spent OR state NOT IN ('waived', 'void'));
CREATE UNIQUE INDEX stipends_live_payee ON stipends (proposal_id, payee) WHERE state NOT IN ('waived', 'void');
CREATE INDEX stipends_newest ON stipends (designated_at DESC, id DESC);
CREATE INDEX stipends_payee ON stipends (payee);
CREATE INDEX stipends_speaker ON stipends (speaker_id);

CREATE TABLE stipend_payments (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  stipend_id TEXT COLLATE "C" NOT NULL REFERENCES stipends (id),
  payee_key TEXT COLLATE "C" NOT NULL,
  payee_name TEXT COLLATE "C" NOT NULL,
  amount_cents INTEGER NOT NULL CONSTRAINT stipend_payments_amount CHECK (amount_cents > 0),
  method TEXT COLLATE "C" NOT NULL CONSTRAINT stipend_payments_method CHECK (method IN ('check', 'ach', 'other')),
  reference TEXT COLLATE "C" NOT NULL CONSTRAINT stipend_payments_reference CHECK (reference <> ''),
  paid_on TEXT COLLATE "C" NOT NULL CONSTRAINT stipend_payments_paid_on CHECK (length(paid_on) = 10),
  state TEXT COLLATE "C" NOT NULL CONSTRAINT stipend_payments_state CHECK (state IN ('good', 'returned')),
  by_id TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  returned_on TEXT COLLATE "C" NOT NULL,
  return_reason TEXT COLLATE "C" NOT NULL,
  returned_by TEXT COLLATE "C" NOT NULL,
  CONSTRAINT stipend_payments_returned CHECK ((state = 'returned') = (returned_on <> '' AND return_reason <> ''))
);
CREATE UNIQUE INDEX stipend_payments_good ON stipend_payments (stipend_id) WHERE state = 'good';
CREATE INDEX stipend_payments_stipend ON stipend_payments (stipend_id, at);
CREATE INDEX stipend_payments_paid ON stipend_payments (paid_on, payee_key);

CREATE TRIGGER stipends_lifecycle BEFORE UPDATE OF state ON stipends FOR EACH ROW EXECUTE FUNCTION stipends_lifecycle();
CREATE TRIGGER stipends_selected BEFORE INSERT ON stipends FOR EACH ROW EXECUTE FUNCTION stipends_selected();
-- +goose StatementBegin
CREATE FUNCTION stipends_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'designated' THEN
    RAISE EXCEPTION 'stipends_begin' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stipends_begin';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER stipends_begin BEFORE INSERT ON stipends FOR EACH ROW EXECUTE FUNCTION stipends_begin();
-- +goose StatementBegin
-- What was designated keeps its amount.
CREATE FUNCTION stipends_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.amount_cents <> OLD.amount_cents OR NEW.proposal_id <> OLD.proposal_id OR NEW.speaker_id <> OLD.speaker_id
  OR NEW.payee <> OLD.payee OR NEW.funded_by <> OLD.funded_by THEN
    RAISE EXCEPTION 'stipends_fixed' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stipends_fixed';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER stipends_fixed BEFORE UPDATE ON stipends FOR EACH ROW EXECUTE FUNCTION stipends_fixed();
-- +goose StatementBegin
-- A stipend is paid exactly while it has a good payment.
CREATE FUNCTION stipends_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state = 'approved' AND NEW.state = 'paid') <> (NEW.state <> OLD.state AND OLD.state IN ('approved', 'paid')
  AND EXISTS (SELECT 1 FROM stipend_payments WHERE stipend_id = NEW.id AND state = 'good')) THEN
    RAISE EXCEPTION 'stipends_paid' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stipends_paid';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER stipends_paid BEFORE UPDATE OF state ON stipends FOR EACH ROW EXECUTE FUNCTION stipends_paid();
-- +goose StatementBegin
CREATE FUNCTION stipend_payments_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM stipends WHERE id = NEW.stipend_id AND state = 'approved' AND amount_cents = NEW.amount_cents) THEN
    RAISE EXCEPTION 'stipend_payments_due' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stipend_payments_due';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER stipend_payments_due BEFORE INSERT ON stipend_payments FOR EACH ROW EXECUTE FUNCTION stipend_payments_due();
-- +goose StatementBegin
-- A payment is never rewritten: a good one may only come back, once.
CREATE FUNCTION stipend_payments_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'good' OR NEW.state <> 'returned' OR NEW.id <> OLD.id OR NEW.stipend_id <> OLD.stipend_id OR NEW.payee_key <> OLD.payee_key
  OR NEW.payee_name <> OLD.payee_name OR NEW.amount_cents <> OLD.amount_cents OR NEW.method <> OLD.method OR NEW.reference <> OLD.reference
  OR NEW.paid_on <> OLD.paid_on THEN
    RAISE EXCEPTION 'stipend_payments_fixed' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stipend_payments_fixed';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER stipend_payments_fixed BEFORE UPDATE ON stipend_payments FOR EACH ROW EXECUTE FUNCTION stipend_payments_fixed();

-- +goose Down
DROP TABLE stipend_payments;
DELETE FROM stipends WHERE slot = 0 OR spent;
ALTER TABLE stipends RENAME TO stipends_after;
CREATE TABLE stipends (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  proposal_id TEXT COLLATE "C" NOT NULL REFERENCES proposals (id),
  speaker_id TEXT COLLATE "C" NOT NULL REFERENCES speakers (id),
  payee TEXT COLLATE "C" NOT NULL,
  slot INTEGER NOT NULL CONSTRAINT stipends_slot CHECK (slot BETWEEN 1 AND 3),
  amount_cents INTEGER NOT NULL CONSTRAINT stipends_amount CHECK (amount_cents > 0),
  state TEXT COLLATE "C" NOT NULL CONSTRAINT stipends_state CHECK (state IN ('designated', 'accepted', 'waived', 'approved', 'paid', 'void')),
  designated_by TEXT COLLATE "C" NOT NULL,
  designated_at TIMESTAMPTZ NOT NULL,
  answered_at TIMESTAMPTZ,
  agreement_on TEXT COLLATE "C" NOT NULL,
  agreement_by TEXT COLLATE "C" NOT NULL,
  tax_form_on TEXT COLLATE "C" NOT NULL,
  tax_form_by TEXT COLLATE "C" NOT NULL,
  presented BOOLEAN,
  approved_by TEXT COLLATE "C" NOT NULL,
  approved_at TIMESTAMPTZ,
  void_reason TEXT COLLATE "C" NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
INSERT INTO stipends SELECT id, version, proposal_id, speaker_id, payee, slot, amount_cents, state, designated_by, designated_at,
  answered_at, agreement_on, agreement_by, tax_form_on, tax_form_by, presented, approved_by, approved_at, void_reason, updated_at FROM stipends_after;
DROP TABLE stipends_after;
CREATE UNIQUE INDEX stipends_live_slot ON stipends (proposal_id, slot) WHERE state NOT IN ('waived', 'void');
CREATE UNIQUE INDEX stipends_live_payee ON stipends (proposal_id, payee) WHERE state NOT IN ('waived', 'void');
CREATE TRIGGER stipends_lifecycle BEFORE UPDATE OF state ON stipends FOR EACH ROW EXECUTE FUNCTION stipends_lifecycle();
CREATE TRIGGER stipends_selected BEFORE INSERT ON stipends FOR EACH ROW EXECUTE FUNCTION stipends_selected();
ALTER TABLE speakers DROP COLUMN presented;
DROP FUNCTION stipends_begin;
DROP FUNCTION stipends_fixed;
DROP FUNCTION stipends_paid;
DROP FUNCTION stipend_payments_due;
DROP FUNCTION stipend_payments_fixed;
