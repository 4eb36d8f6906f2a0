"""The languages inside option values: lossless trees and typed values of each."""
