// Projects carried out in an area, those that are late first, then by the day they should be done.
// title: 项目清单
// subject: 项目
// param scope: area -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// param state: ProjectState = null -- only projects in this state
// param origin: ProjectOrigin = null -- only projects that came from this
// param overdue: boolean = null -- true: only running projects that should have been done, false: only the others
// returns project_id: Project.id
// returns project: Project.name
// returns origin: Project.origin
// returns state: Project.state
// returns progress: Project.progress
// returns place_id: Community.id 实施区域编号
// returns place: Community.name 实施区域
// returns planned_to: Project.planned_to
// returns actual_from: Project.actual_from
// returns actual_to: Project.actual_to
// returns funds_yuan: decimal 资金（元） -- money of all sources
// returns overdue: boolean 已超期
// route: GET /api/projects
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[:IN_AREA]-(p:Project)
WITH p, a, coalesce(p.state, '立项') AS state,
  coalesce(p.planned_to, '9999-12-31') < $as_of AND p.actual_to IS NULL AND coalesce(p.state, '立项') IN ['立项', '实施'] AS overdue
WHERE ($state IS NULL OR state = $state) AND ($origin IS NULL OR p.origin = $origin) AND ($overdue IS NULL OR overdue = $overdue)
RETURN p.id AS project_id, p.name AS project, p.origin AS origin, state, p.progress AS progress, a.id AS place_id, a.name AS place,
  p.planned_to AS planned_to, p.actual_from AS actual_from, p.actual_to AS actual_to,
  coalesce(p.funds_fiscal_yuan, 0.0) + coalesce(p.funds_unit_yuan, 0.0) + coalesce(p.funds_other_yuan, 0.0) AS funds_yuan, overdue
ORDER BY CASE WHEN overdue THEN 0 ELSE 1 END, coalesce(planned_to, '9999-12-31'), project_id
