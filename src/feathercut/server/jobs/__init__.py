"""Jobs, for work that is too large to wait for: kept on disk, done in turn, fetched when they are done.

One HTTP worker at a time, the runner, has the pictures of all jobs cut out; every worker takes jobs in and tells of
them. What is known of a job is in a database in the folder of jobs, so that it outlives every process.
"""
