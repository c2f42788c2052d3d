// One entity by its key, whatever its kind, when a way of at most six steps leads from it to the scope.
// title: 一个对象
// subject: 区域与概况
// param scope: area -- key of an area that the entity has to do with
// param id: string -- key of the entity
// returns entity: node 对象 -- its label and properties
// route: GET /api/entities/{id}
MATCH (n:District|Street|Community|Estate|Grid|Building|PartyOrganization|Person|Unit|Agreement|Organization|Venue|PropertyArea|Need|Resource|Project|Claim|Meeting|Evaluation {id: $id})
MATCH (n)-[:PART_OF|IN_GRID|LEADS|OF_UNIT|BELONGS_TO|REPORTED_TO|LIVES_IN|HOLDS|LOCATED_IN|WITH_ORGANIZATION|WITH_UNIT|SERVES|IN_AREA|IN_COMMUNITY|RAISED_IN|OFFERED_BY|FOR_NEED|BY_UNIT|OF*0..6]->(root:District|Street|Community|Estate|Grid|Building {id: $scope})
WITH DISTINCT n
RETURN {label: labels(n)[0], properties: properties(n)} AS entity
