"""Where SIGAP keeps its records: tables, sessions, migrations. Knows SQLAlchemy and nothing of the services."""
