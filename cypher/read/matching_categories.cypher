// The categories of needs and resources with their wider ones and synonyms; they are the same for every district.
// title: 对接用：类别
// subject: 对接
// param scope: area(District) -- key of the district
// returns category: Category.id
// returns name: Category.name
// returns list_kind: Category.list
// returns parent: string 上级类别 -- key of the wider category
// returns synonyms: Category.synonyms
MATCH (root:District {id: $scope})
MATCH (k:Category)
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH k, min(w.id) AS parent
RETURN k.id AS category, k.name AS name, k.list AS list_kind, parent, k.synonyms AS synonyms
ORDER BY category
