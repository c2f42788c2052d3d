// What units promised to projects and what they delivered, per unit, the largest shortfall first.
// title: 承诺与兑现
// subject: 共建单位与协议
// param scope: area(District, Street, Community) -- key of the area whose units are read
// returns unit_id: Unit.id
// returns unit: Unit.name
// returns community: Community.name
// returns projects: integer 项目（个）
// returns promised: integer 承诺数量
// returns delivered: integer 兑现数量
// returns shortfall: integer 未兑现数量
// route: GET /api/coverage/promises
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:LOCATED_IN]-(u:Unit)<-[:OFFERED_BY]-(:Resource)<-[w:USES]-(p:Project)
WITH c, u, p.id AS project, coalesce(w.promised, 0) AS promised, coalesce(w.delivered, 0) AS delivered
WITH c, u, count(DISTINCT project) AS projects, sum(promised) AS promised, sum(delivered) AS delivered
RETURN u.id AS unit_id, u.name AS unit, c.name AS community, projects, promised, delivered, promised - delivered AS shortfall
ORDER BY shortfall DESC, unit_id
