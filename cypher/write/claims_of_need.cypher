// The claims of a need that are in one of some states.
// title: 需求的认领
// param need: string -- key of the need
// param states: strings -- states that count
// returns claim_id: Claim.id
MATCH (c:Claim)-[:FOR_NEED]->(:Need {id: $need})
WHERE coalesce(c.state, '申请') IN $states
RETURN c.id AS claim_id
ORDER BY claim_id
