// The neighbours of one entity, nearest kind of tie first, at most `limit` in all; `total` says how many there are.
// title: 一个对象的相邻对象
// subject: 区域与概况
// param scope: area -- key of an area that the entity has to do with
// param id: string -- key of the entity
// param limit: integer = 50 -- how many at most
// returns relationship: string 关系 -- type of the relationship
// returns outgoing: boolean 由此指向 -- whether it leads away from the entity
// returns details: map 关系属性 -- properties of the relationship
// returns neighbour: node 相邻对象 -- label and properties
// returns total: integer 总数（个） -- neighbours by the same relationship in the same direction
// route: GET /api/entities/{id}/neighbours
MATCH (n:District|Street|Community|Estate|Grid|Building|PartyOrganization|Person|Unit|Agreement|Organization|Venue|PropertyArea|Need|Resource|Project|Claim|Meeting|Evaluation {id: $id})
MATCH (n)-[:PART_OF|IN_GRID|LEADS|OF_UNIT|BELONGS_TO|REPORTED_TO|LIVES_IN|HOLDS|LOCATED_IN|WITH_ORGANIZATION|WITH_UNIT|SERVES|IN_AREA|IN_COMMUNITY|RAISED_IN|OFFERED_BY|FOR_NEED|BY_UNIT|OF*0..6]->(root:District|Street|Community|Estate|Grid|Building {id: $scope})
WITH DISTINCT n
MATCH (n)-[r]-(m)
WITH type(r) AS relationship, startNode(r).id = n.id AS outgoing, collect({details: properties(r), label: labels(m)[0], properties: properties(m)}) AS every
WITH relationship, outgoing, size(every) AS total, every[0..$limit] AS some
UNWIND some AS each
WITH relationship, outgoing, total, each
ORDER BY total, relationship, outgoing, each.properties.id
LIMIT $limit
RETURN relationship, outgoing, each.details AS details, {label: each.label, properties: each.properties} AS neighbour, total
