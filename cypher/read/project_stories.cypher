// Projects of an area that left a venue behind, from the need through the meeting to the venue: the whole chain in one row.
// title: 项目的来龙去脉
// subject: 项目
// param scope: area -- key of the area whose subtree is read
// returns project_id: Project.id
// returns project: Project.name
// returns origin: Project.origin
// returns need: Need.title 需求
// returns raised_at: Need.raised_at
// returns meeting: Meeting.name 联席会议
// returns held_at: Meeting.held_at
// returns started: Project.actual_from
// returns funds_yuan: decimal 投入（元） -- money of all sources
// returns venue: Venue.name 建成阵地
// returns venue_from: Venue.valid_from
// returns floor_area_m2: Venue.floor_area_m2
// route: GET /api/projects/stories
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[:IN_AREA]-(p:Project)-[:RESULTS_IN]->(v:Venue)
OPTIONAL MATCH (p)-[:MEETS]->(n:Need)
OPTIONAL MATCH (p)<-[:DECIDED]-(m:Meeting)
RETURN p.id AS project_id, p.name AS project, p.origin AS origin, n.title AS need, n.raised_at AS raised_at,
  m.name AS meeting, m.held_at AS held_at, p.actual_from AS started,
  coalesce(p.funds_fiscal_yuan, 0.0) + coalesce(p.funds_unit_yuan, 0.0) + coalesce(p.funds_other_yuan, 0.0) AS funds_yuan,
  v.name AS venue, v.valid_from AS venue_from, v.floor_area_m2 AS floor_area_m2
ORDER BY project_id, need, meeting
