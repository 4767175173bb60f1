// Before each file of tests: what a program started by a test prints must not depend on the shell or the CI around it.
for (const name of ['FORCE_COLOR', 'NO_COLOR', 'CI']) delete process.env[name]
