"""`python -m wavagent` is `wavagent`."""

from wavagent.cli import main

if __name__ == "__main__":
    main()
