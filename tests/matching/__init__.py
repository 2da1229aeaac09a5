"""Tests of finding answers by meaning."""
