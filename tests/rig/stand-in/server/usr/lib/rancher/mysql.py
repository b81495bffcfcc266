"""The database inside of the container: made when its folder is empty, without a word of warning, as the image of Rancher does."""
import os
import subprocess
import time

import pymysql

import database
from say import say, say_error

FOLDER = "/var/lib/mysql"
# The image waits 60 seconds.
WAIT_SECONDS = 8


class CouldNotStart(Exception):
    pass


class Mysql:
    def __init__(self):
        self.process = None

    def start(self):
        if not os.path.isdir(FOLDER + "/mysql"):
            self._initialise()
        subprocess.run(["install", "-d", "-o", "mysql", "-g", "mysql", "/var/run/mysqld"], check=True)
        self.process = subprocess.Popen(["mysqld"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self._wait()
        self._set_up()

    def died(self):
        return self.process is not None and self.process.poll() is not None

    def _initialise(self):
        say("Running mysql_install_db...")
        # The same files, made when the image was.
        subprocess.run(["cp", "--archive", "/usr/share/fresh-database/.", FOLDER], stderr=subprocess.DEVNULL, check=False)
        subprocess.run(["chown", "-R", "mysql:mysql", FOLDER], check=False)
        say("Starting MySQL to initialize...")
        say("Waiting for mysql to start")
        say("Exiting MySQL initialization")

    def _wait(self):
        give_up = time.monotonic() + WAIT_SECONDS
        while not self._answers():
            if time.monotonic() > give_up or self.died():
                say_error("Could not start MySQL...")
                raise CouldNotStart
            time.sleep(0.05)

    def _answers(self):
        try:
            self._connect().close()
        except pymysql.err.Error:
            return False
        return True

    def _connect(self):
        return pymysql.connect(unix_socket="/var/run/mysqld/mysqld.sock", user="root", charset="utf8mb4", autocommit=True, connect_timeout=5)

    def _set_up(self):
        say("Setting up database")
        place = database.settings()
        name, user = place["database"], place["user"]
        password = place["password"].replace("\\", "\\\\").replace("'", "\\'")
        self._sql(f"CREATE DATABASE IF NOT EXISTS `{name}` COLLATE = 'utf8_general_ci' CHARACTER SET = 'utf8';")
        for host in ("%", "localhost"):
            self._sql(f"GRANT ALL ON `{name}`.* TO '{user}'@'{host}' IDENTIFIED BY '{password}';")
        if "account" not in [table for (table,) in self._sql(f"SHOW TABLES IN `{name}`")]:
            say("Importing schema")

    def _sql(self, statement):
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())
