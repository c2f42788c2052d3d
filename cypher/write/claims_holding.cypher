// Claims that hold a part of a resource, and the projects that use it for the same need: read inside the transaction that has locked the resource.
// title: 占用某资源的认领
// param id: string -- key of the resource
// param states: strings -- states in which a claim holds its quantity
// returns claim_id: Claim.id
// returns state: Claim.state
// returns quantity: Claim.quantity
// returns became: integer 已立项目（个） -- projects that the claim became, which hold the quantity in its place
// returns projects: integer 同需求项目（个） -- projects that use the resource for the same need
MATCH (c:Claim)-[:WITH_RESOURCE]->(r:Resource {id: $id})
WHERE coalesce(c.state, '申请') IN $states
OPTIONAL MATCH (c)-[:BECAME]->(own:Project)
OPTIONAL MATCH (c)-[:FOR_NEED]->(:Need)<-[:MEETS]-(p:Project)-[:USES]->(r)
RETURN c.id AS claim_id, c.state AS state, c.quantity AS quantity, count(DISTINCT own.id) AS became, count(DISTINCT p.id) AS projects
