"""
The tables of Rancher that the rig needs, as they were at change set file core-083, and what later files made of them. A file that changed nothing the rig needs
adds a column to the table `data`: it takes its turn like any other, and breaks like any other when it was interrupted.
"""
from database import query, table_exists

FIRST = 83

COMMON = """
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), account_id BIGINT, kind VARCHAR(255) NOT NULL DEFAULT '',
    uuid VARCHAR(128) NOT NULL, description VARCHAR(1024), state VARCHAR(128) NOT NULL, created DATETIME, removed DATETIME, remove_time DATETIME,
    data MEDIUMTEXT"""

# Names of columns follow rancher/cattle. The tables take emoji, which the real ones do not: whatever is lost on the way then shows.
TABLES = {
    "account": COMMON + ", external_id VARCHAR(255), external_id_type VARCHAR(128), projects_count INT",
    "agent": COMMON + ", uri VARCHAR(255), managed_config BIT(1) NOT NULL DEFAULT 1",
    "auth_token": "id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, account_id BIGINT NOT NULL, created DATETIME, expires DATETIME, `key` VARCHAR(40), value MEDIUMTEXT, version VARCHAR(255), provider VARCHAR(255)",
    "audit_log": "id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, account_id BIGINT, event_type VARCHAR(255), resource_type VARCHAR(255), resource_id BIGINT, description VARCHAR(255), created DATETIME, data LONGTEXT",
    "container_event": COMMON + ", host_id BIGINT, external_id VARCHAR(255), external_status VARCHAR(255)",
    "credential": COMMON + ", public_value VARCHAR(4096), secret_value VARCHAR(4096)",
    "data": "id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL, visible BIT(1) NOT NULL DEFAULT 1, value MEDIUMTEXT",
    "environment": COMMON + ", external_id VARCHAR(255), health_state VARCHAR(128), folder VARCHAR(255)",
    "host": COMMON + ", agent_id BIGINT, physical_host_id BIGINT, agent_state VARCHAR(128)",
    "host_label_map": COMMON + ", host_id BIGINT, label_id BIGINT",
    "instance": COMMON + ", image_uuid VARCHAR(255), host_id BIGINT",
    "label": COMMON + ", type VARCHAR(255), `key` VARCHAR(1024), value VARCHAR(4096)",
    "physical_host": COMMON + ", external_id VARCHAR(255)",
    "process_instance": "id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, process_name VARCHAR(128), resource_type VARCHAR(128), resource_id VARCHAR(128), start_time DATETIME, end_time DATETIME",
    "service": COMMON + ", environment_id BIGINT, vip VARCHAR(255), scale INT, health_state VARCHAR(128)",
    "service_event": COMMON + ", host_id BIGINT, instance_id BIGINT",
    "volume": COMMON + ", host_id BIGINT, uri VARCHAR(512)",
    "setting": "id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL, value MEDIUMTEXT NOT NULL",
}

# Of the tables that grow with what a Rancher does, a file touches these and no others. Source: rancher/cattle v0.183.83, resources/content/db/core-084.xml to core-124.xml, without the change sets
# that are for H2 alone (core-101).
GROWN = {
    84: ["CREATE INDEX idx_audit_log_event_type ON audit_log (event_type)"],
    85: ["ALTER TABLE volume ADD COLUMN core_085 VARCHAR(1)"],
    94: ["ALTER TABLE volume ADD COLUMN core_094 VARCHAR(1)"],
    97: ["ALTER TABLE volume ADD COLUMN core_097 VARCHAR(1)"],
    98: ["ALTER TABLE instance ADD COLUMN core_098 VARCHAR(1)", "ALTER TABLE volume ADD COLUMN core_098 VARCHAR(1)"],
    100: ["ALTER TABLE instance ADD COLUMN core_100 VARCHAR(1)"],
    104: ["ALTER TABLE process_instance ADD COLUMN run_after DATETIME", "CREATE INDEX idx_process_instance_run_after ON process_instance (run_after)"],
    110: ["ALTER TABLE process_instance ADD COLUMN account_id BIGINT"],
    113: ["ALTER TABLE instance ADD COLUMN core_113 VARCHAR(1)"],
}

# What a file holds, one statement a change set: MariaDB ends a transaction with each of them, so one that was interrupted stays half done.
CHANGES = {
    89: ["ALTER TABLE host ADD COLUMN removed_by VARCHAR(255)", "ALTER TABLE physical_host ADD COLUMN driver VARCHAR(255)"],
    # Stacks were called environments before 1.2.
    95: ["RENAME TABLE environment TO stack", "ALTER TABLE service CHANGE COLUMN environment_id stack_id BIGINT", "ALTER TABLE stack ADD COLUMN `system` BIT(1) NOT NULL DEFAULT 0"],
    101: [
        """CREATE TABLE cluster_membership (
            id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), uuid VARCHAR(128) NOT NULL, heartbeat BIGINT, config MEDIUMTEXT,
            clustered BIT(1) NOT NULL DEFAULT 0)""",
    ],
    118: ["ALTER TABLE account ADD COLUMN cluster_id BIGINT", "CREATE INDEX idx_account_cluster ON account (cluster_id)"],
    122: [
        "ALTER TABLE auth_token ADD COLUMN authenticated_as_account_id BIGINT",
        "ALTER TABLE auth_token ADD CONSTRAINT auth_token_ibfk_1 FOREIGN KEY (authenticated_as_account_id) REFERENCES account (id)",
    ],
    123: [
        # The character set is that of the database, and before MySQL 5.7 rows are compact: an index on 255 characters of utf8mb4 is longer than the 767 bytes that it may have.
        # Source: rancher/cattle v0.183.83, core-123.xml, idx_region_name; MySQL 5.6 Reference Manual, "Limits on InnoDB Tables".
        f"CREATE TABLE region ({COMMON}, url VARCHAR(255), public_value VARCHAR(255), secret_value VARCHAR(255), local BIT(1) NOT NULL DEFAULT 0) ROW_FORMAT = COMPACT",
        "CREATE INDEX idx_region_name ON region (name)",
        "CREATE INDEX idx_region_state ON region (state)",
    ],
    124: [
        "CREATE INDEX idx_container_event_host_id_state ON container_event (host_id, state)",
        "CREATE INDEX idx_host_physical_host_id_id ON host (physical_host_id, id)",
    ],
}

CHANGE_LOG = """
    ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL, DATEEXECUTED DATETIME NOT NULL, ORDEREXECUTED INT NOT NULL,
    EXECTYPE VARCHAR(10) NOT NULL, MD5SUM VARCHAR(35), DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20)"""

CHANGE_LOG_LOCK = "ID INT NOT NULL PRIMARY KEY, LOCKED BIT(1) NOT NULL, LOCKGRANTED DATETIME, LOCKEDBY VARCHAR(255)"


def create(name, columns):
    query(f"CREATE TABLE IF NOT EXISTS {name} ({columns}) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4")


def import_schema():
    """Makes the tables of an empty database, and the rows that every new server has."""
    for name, columns in TABLES.items():
        create(name, columns)
    query("INSERT INTO account (name, kind, uuid, state, created) VALUES ('admin', 'admin', 'admin', 'active', NOW()), ('System', 'system', 'system', 'active', NOW())")
    # The fifth account is the first environment everywhere: 1a5.
    query("INSERT INTO account (id, name, kind, uuid, state, created) VALUES (5, 'Default', 'project', 'adminProject', 'active', NOW())")
    query("INSERT INTO setting (name, value) VALUES ('install.uuid', UUID()), ('api.security.enabled', 'false')")


def change_sets(file):
    return CHANGES.get(file) or GROWN.get(file) or [f"ALTER TABLE data ADD COLUMN core_{file:03d} VARCHAR(1)"]


def is_empty():
    return not table_exists("account")


def stack_table():
    return "stack" if table_exists("stack") else "environment"
