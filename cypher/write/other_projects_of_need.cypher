// How many other projects are working on a need.
// title: 同一需求的其他项目
// param need: string -- key of the need
// param project: string -- key of the project that is not counted
// param closed: string -- state of a project that works on nothing any more
// returns projects: integer 项目（个）
MATCH (p:Project)-[:MEETS]->(:Need {id: $need})
WHERE p.id <> $project AND coalesce(p.state, '') <> $closed
RETURN count(p) AS projects
