// What each agreement promises, what the projects under it asked of its unit's resources, and what came, the largest shortfall first. Agreements that promise nothing and have no such project are left out.
// title: 协议的承诺与兑现
// subject: 共建单位与协议
// param scope: area(District, Street, Community) -- key of the area whose units are read
// returns agreement_id: Agreement.id
// returns agreement: Agreement.name
// returns state: Agreement.state
// returns unit_id: Unit.id
// returns unit: Unit.name
// returns community: Community.name
// returns promised: integer 承诺数量 -- units that the agreement promises
// returns projects: integer 项目（个） -- projects under the agreement that use a resource of the unit
// returns called: integer 项目安排数量 -- units promised to those projects
// returns delivered: integer 兑现数量 -- units that those projects got
// returns shortfall: integer 未兑现数量 -- promised by the agreement and not delivered
// route: GET /api/coverage/agreement-promises
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:LOCATED_IN]-(u:Unit)<-[:WITH_UNIT]-(g:Agreement)
OPTIONAL MATCH (g)-[m:PROMISES]->(:Resource)
WITH c, u, g, sum(coalesce(m.quantity, 0)) AS promised
OPTIONAL MATCH (g)<-[:UNDER]-(p:Project)-[w:USES]->(:Resource)-[:OFFERED_BY]->(u)
WITH c, u, g, promised, p.id AS project, coalesce(w.promised, 0) AS called, coalesce(w.delivered, 0) AS delivered
WITH c, u, g, promised, count(DISTINCT project) AS projects, sum(called) AS called, sum(delivered) AS delivered
WHERE promised > 0 OR projects > 0
RETURN g.id AS agreement_id, g.name AS agreement, g.state AS state, u.id AS unit_id, u.name AS unit, c.name AS community,
  promised, projects, called, delivered, promised - delivered AS shortfall
ORDER BY shortfall DESC, agreement_id
