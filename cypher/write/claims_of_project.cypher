// The claims that hang on a project: those that became it, and those that were loaded as confirmed for one of its needs with a resource that it uses.
// title: 项目的认领
// param project: string -- key of the project
// param states: strings -- states of a loaded claim that a project may stand behind
// returns own: strings 立项认领 -- claims that became the project
// returns loaded: strings 对应认领 -- loaded claims that stand behind it
MATCH (p:Project {id: $project})
OPTIONAL MATCH (own:Claim)-[:BECAME]->(p)
OPTIONAL MATCH (p)-[:MEETS]->(:Need)<-[:FOR_NEED]-(c:Claim)-[:WITH_RESOURCE]->(:Resource)<-[:USES]-(p)
WHERE c.state IN $states AND NOT (c)-[:BECAME]->()
RETURN collect(DISTINCT own.id) AS own, collect(DISTINCT c.id) AS loaded
