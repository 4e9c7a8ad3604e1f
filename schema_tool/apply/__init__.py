"""Migrations -> a changed database: ledger, runner, rollback, adoption."""
