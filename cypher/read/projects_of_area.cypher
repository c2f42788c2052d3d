// Projects carried out in an area, by origin, with those that are running and the money in them.
// title: 项目概况
// subject: 项目
// param scope: area -- key of the area whose subtree is read
// returns origin: ProjectOrigin 项目来源
// returns projects: integer 项目（个）
// returns running: integer 进行中（个） -- not yet closed
// returns funds_yuan: decimal 资金（元）
// route: GET /api/coverage/projects
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[:IN_AREA]-(p:Project)
WITH coalesce(p.origin, '') AS origin, coalesce(p.state, '') AS state,
  coalesce(p.funds_fiscal_yuan, 0.0) + coalesce(p.funds_unit_yuan, 0.0) + coalesce(p.funds_other_yuan, 0.0) AS funds
RETURN origin, count(*) AS projects, sum(CASE WHEN state = '销号' THEN 0 ELSE 1 END) AS running, sum(funds) AS funds_yuan
ORDER BY origin
