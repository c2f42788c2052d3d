// The shortest way between two things, at most six ties of cooperation and organization long; of several, the first by the keys along it. The way up the territory and categories that many share tie nothing here.
// title: 两个对象之间的路径
// subject: 区域与概况
// param scope: area -- key of an area that the first one has to do with
// param start: string -- key of the first
// param end: string -- key of the last
// returns nodes: nodes 途经 -- label and properties of each, the first and the last included
// returns ties: maps 联系 -- relationship between each two: its type, and the key that it starts at
// route: GET /api/networks/path
MATCH (a:District|Street|Community|Estate|Grid|Building|PartyOrganization|Unit|Agreement|Organization|Venue|PropertyArea|Need|Resource|Project|Claim|Meeting|Evaluation {id: $start})
MATCH (a)-[:PART_OF|IN_GRID|LEADS|OF_UNIT|BELONGS_TO|REPORTED_TO|LIVES_IN|HOLDS|LOCATED_IN|WITH_ORGANIZATION|WITH_UNIT|SERVES|IN_AREA|IN_COMMUNITY|RAISED_IN|OFFERED_BY|FOR_NEED|BY_UNIT|OF*0..6]->(root:District|Street|Community|Estate|Grid|Building {id: $scope})
WITH DISTINCT a
MATCH (b:District|Street|Community|Estate|Grid|Building|PartyOrganization|Unit|Agreement|Organization|Venue|PropertyArea|Need|Resource|Project|Claim|Meeting|Evaluation {id: $end})
WHERE a.id <> b.id
MATCH p = allShortestPaths((a)-[:REPORTS_TO|LEADS|OF_UNIT|LOCATED_IN|SEATED_ON|WITH_UNIT|WITH_ORGANIZATION|PROMISES|RAISED_BY|RAISED_IN|OFFERED_BY|MEETS|USES|UNDER|LED_BY|RESULTS_IN|BY_UNIT|FOR_NEED|WITH_RESOURCE|DISCUSSED|DECIDED|IN_AREA*1..6]-(b))
WITH p, reduce(keys = '', x IN nodes(p) | keys + labels(x)[0] + ':' + x.id + ' ') + reduce(types = '', r IN relationships(p) | types + type(r) + ' ') AS way
ORDER BY way LIMIT 1
RETURN [x IN nodes(p) | {label: labels(x)[0], properties: properties(x)}] AS nodes,
  [r IN relationships(p) | {relationship: type(r), start: startNode(r).id}] AS ties
